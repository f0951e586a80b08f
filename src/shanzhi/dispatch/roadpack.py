"""The section `roads` of a pack: a graph of roads in two tables, checked line by line; it may be missing."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from math import isfinite

from shanzhi.dispatch.models import RoadsRow
from shanzhi.dispatch.network import MOST, Network, Way
from shanzhi.packs.files import Pack
from shanzhi.packs.section import Rows

NODES, EDGES = "roads-nodes.csv", "roads-edges.csv"
NAME = "roads"
SOURCE = "source"  # of the first node: OpenStreetMap with its date, or "generated"


class Roads:
    """One row: what the graph is; the graph itself is read from the files when it is applied."""

    name = NAME
    order = 74

    def __init__(self) -> None:
        self._read: dict[str, Network] = {}

    def read(self, pack: Pack) -> Rows:
        if not (pack.exists(NODES) or pack.exists(EDGES)):
            return {}
        places, source = _nodes(pack)
        ways = list(_ways(pack, places))
        if not places or not ways:
            return {}
        digest = sha256(repr((places, ways)).encode()).hexdigest()
        self._read = {digest: Network.of(places, ways)}
        return {NAME: {"digest": digest, "source": source, "nodes": len(places), "ways": len(ways)}}

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """What is wrong has been said while it was read."""

    def current(self) -> Rows:
        columns = ("digest", "source", "nodes", "ways")
        return {str(row.pop("name")): dict(row) for row in RoadsRow.objects.values("name", *columns)}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        RoadsRow.objects.filter(name__in=list(remove)).delete()
        for name, row in {**add, **change}.items():
            body = self._read[row["digest"]].packed()
            RoadsRow.objects.update_or_create(name=name, defaults={**row, "body": body})


def _nodes(pack: Pack) -> tuple[dict[str, tuple[float, float]], str]:
    """Places by name, and what the first line says they come from."""
    found: dict[str, tuple[float, float]] = {}
    source = ""
    for line, row in _rows(pack, NODES, ("id", "lon", "lat")):
        source = source or row.get(SOURCE, "")
        try:
            lon, lat = float(row["lon"]), float(row["lat"])
        except ValueError:
            lon = lat = float("nan")
        if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
            pack.fault(NODES, line, "place", "lon and lat are no place on Earth")
        elif row["id"] in found:
            pack.fault(NODES, line, "twice", f"the node {row['id']} is given twice")
        else:
            found[row["id"]] = (lon, lat)
    if len(found) > MOST:
        pack.fault(NODES, 1, "many", f"at most {MOST} nodes")
    if found and not source:
        pack.fault(
            NODES, 2, "source", "the first line says in 'source' where the roads come from, or 'generated'"
        )
    return found, source


def _ways(pack: Pack, places: dict[str, tuple[float, float]]) -> Iterator[Way]:
    for line, row in _rows(pack, EDGES, ("from", "to", "length_m", "speed_mps", "kind")):
        try:
            metres, speed = float(row["length_m"]), float(row["speed_mps"] or 0)
        except ValueError:
            metres = speed = float("nan")
        if not (isfinite(metres) and isfinite(speed) and metres > 0 and speed >= 0):
            pack.fault(EDGES, line, "length", "a way is longer than nothing, and its speed is not below it")
        elif unknown := [row[end] for end in ("from", "to") if row[end] not in places]:
            pack.fault(EDGES, line, "unknown", f"there is no node {unknown[0]!r}")
        else:
            yield Way(row["from"], row["to"], metres, speed, row["kind"])


def _rows(pack: Pack, file: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    rows = pack.csv(file)
    if rows and (missing := [name for name in columns if name not in rows[0][1]]):
        pack.fault(file, 1, "columns", f"the columns {', '.join(missing)} are missing")
        return
    yield from rows
