"""dispatch.yaml and the roads of a pack: what is wrong is said with file and line, what is right comes into force."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from shanzhi.dispatch import inforce
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import RoadsRow
from shanzhi.dispatch.pack import SECTIONS
from shanzhi.dispatch.travel import Roads, Straight
from shanzhi.packs.actions import apply
from shanzhi.packs.files import Pack
from shanzhi.packs.queries import forget
from shanzhi.packs.section import Rows, sections

WUHOU = Path(__file__).resolve().parents[4] / "packs" / "wuhou"
FAULTS = (
    ("type: street-issue", "type: no-such", "there is no case type 'no-such'"),
    ("waiting: [dispatched]", "waiting: [closed]", "street-issue has no open state 'closed'"),
    ("move: assign", "move: accept", "the platform may not make the move 'accept'"),
    ("move: assign", "move: assign\n      people: heads", "the form of street-issue has no field 'heads'"),
    ("back: release", "back: transfer", "no move 'transfer' that sets nobody"),
    ("E0102: [cart]", "E9999: [cart]", "there is no category that begins with E9999"),
    ("E0102: [cart]", "E0102: [magic]", "needs name skills that are not listed: magic"),
    ("kind: street-office, weekly: 7", "kind: lamp, weekly: 7", "there is no facility of the kind 'lamp'"),
    ('from: "07:30"', 'from: "7 Uhr"', "'7 Uhr' is not a time of day"),
    ("keep: 1h", "keep: 8wh", "natural time is meant"),
    ("day: visit_day", "day: no_day", "the form of street-issue has no field 'no_day'"),
    ("day: visit_day", "day: visit_part", "the field 'visit_part' of street-issue is no date"),
    ("parts: {morning", "parts: {noon", "'noon' is no choice of the field 'visit_part'"),
    ("detour: 1.4", "detour: 0.4", "greater than or equal to 1"),
)
NODES = "id,lon,lat,source\na,104.06,30.63,generated\nb,104.07,30.63,\nc,104.08,30.63,\n"
EDGES = "from,to,length_m,speed_mps,kind\n" + "".join(
    f"{one},{other},960,{speed},{kind}\n"
    for one, other, speed, kind in (
        ("a", "b", 8, "primary"), ("b", "a", 8, "primary"), ("b", "c", 8, "motorway"), ("c", "b", 8, "footway"),
        ("b", "c", 0, "footway"),
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def everything() -> dict[str, Rows]:
    """The sections that dispatch.yaml speaks of, read once."""
    pack, wanted = Pack(WUHOU), ("case-types", "categories", "facilities")
    return {one.name: one.read(pack) for one in sections() if one.name in wanted}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(WUHOU, tmp_path / "pack")
    return tmp_path / "pack"


def faults(folder: Path, everything: dict[str, Rows]) -> list[str]:
    opened = Pack(folder)
    for section in SECTIONS:
        section.check(section.read(opened), opened, everything)
    return [str(one) for one in opened.faults]


@pytest.mark.parametrize(("right", "wrong", "said"), FAULTS)
def test_a_fault_is_said_with_its_line(
    tmp_path: Path, everything: dict[str, Rows], right: str, wrong: str, said: str
) -> None:
    text = (WUHOU / "dispatch.yaml").read_text()
    assert right in text
    (tmp_path / "dispatch.yaml").write_text(text.replace(right, wrong, 1))
    line = text[: text.index(right)].count("\n") + 1
    [found] = [one for one in faults(tmp_path, everything) if said in one]
    at = int(found.split(":")[1])
    # what is wrong with a part as a whole is said at the part
    assert at == line + wrong.count("\n") or (at <= line and "listed" in said), found


def test_roads_are_checked_line_by_line(tmp_path: Path) -> None:
    pack = tmp_path
    (pack / "roads-nodes.csv").write_text(NODES.replace("b,104.07", "a,104.07").replace("c,104.08", "c,x"))
    (pack / "roads-edges.csv").write_text(EDGES.replace("b,a,960", "b,a,-1"))
    said = " ".join(faults(pack, {}))
    assert "roads-nodes.csv:3" in said and "the node a is given twice" in said
    assert "roads-nodes.csv:4" in said and "no place on Earth" in said
    assert "roads-edges.csv:3" in said and "longer than nothing" in said
    assert "roads-edges.csv:2" in said and "there is no node 'b'" in said
    (pack / "roads-nodes.csv").write_text(NODES.replace("generated", ""))
    (pack / "roads-edges.csv").write_text(EDGES)
    assert any("roads-nodes.csv:2" in one and "source" in one for one in faults(pack, {}))


@pytest.mark.django_db
def test_with_roads_each_goes_as_his_way_of_getting_about_may(pack: Path) -> None:
    forget()
    inforce._setting.cache_clear()
    apply("system", pack)
    forget()
    inforce._setting.cache_clear()
    found = setting()
    assert found is not None
    assert isinstance(inforce.roads(found)["ebike"], Straight)
    (pack / "roads-nodes.csv").write_text(NODES)
    (pack / "roads-edges.csv").write_text(EDGES)
    file = pack / "dispatch.yaml"
    modes = file.read_text().replace("speed: 4.5}", "speed: 4.5, roads: {motorway: 0, footway: 2}}")
    file.write_text(modes.replace("speed: 6.5}", "speed: 6.5, roads: {footway: 0}}"))
    assert apply("system", pack)
    forget()
    inforce._setting.cache_clear()
    inforce._roads.cache_clear()
    row = RoadsRow.objects.get()
    assert (row.source, row.nodes, row.ways) == ("generated", 3, 5)
    found = setting()
    assert found is not None
    bike, car = (inforce.roads(found)[name] for name in ("ebike", "car"))
    assert isinstance(bike, Roads)
    ends = np.array([[104.06, 30.63], [104.08, 30.63]])
    assert bike.between(ends[:1], ends[1:])[0, 0] == pytest.approx(960 / 4.5 + 960 / 2, rel=1e-3)
    assert isinstance(car, Roads)
    assert len(car.nodes) == 2  # by car one comes to c and not back: that part of the graph is left out
    forget()
    inforce._setting.cache_clear()
    inforce._roads.cache_clear()
