"""The section `performance` of a pack (performance.yaml): what is compared with what, and what gives points."""

from collections.abc import Sequence

from shanzhi.insight.measures import CODES, Setting
from shanzhi.insight.models import SettingRow
from shanzhi.packs.files import Pack
from shanzhi.packs.section import Rows, Section, parse

FILE, NAME = "performance.yaml", "performance"
COUNTS = {*CODES, "training_hours"}


class Performance:
    """One row; without the file nothing gives points."""

    name = NAME
    order = 73

    def read(self, pack: Pack) -> Rows:
        document = pack.yaml(FILE) if pack.exists(FILE) else None
        if document is None:
            return {}
        if not isinstance(document.value, dict) or not isinstance(document.value.get(NAME), dict):
            pack.fault(FILE, 1, "shape", "expected 'performance:'")
            return {}
        found = parse(pack, document, Setting, NAME)
        if found is None:
            return {}
        codes = [item.code for item in found.points]
        for n, item in enumerate(found.points):
            if item.counts not in COUNTS:
                line = document.line(NAME, "points", n, "counts")
                pack.fault(FILE, line, "unknown", f"nothing is counted as {item.counts!r}")
            if item.code in codes[:n]:
                pack.fault(FILE, document.line(NAME, "points", n), "twice", f"{item.code} is given twice")
        return {NAME: {"body": found.model_dump(mode="json")}}

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """It refers to nothing in other sections."""

    def current(self) -> Rows:
        return {row.name: {"body": row.body} for row in SettingRow.objects.all()}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        SettingRow.objects.filter(name__in=remove).delete()
        for name, row in {**add, **change}.items():
            SettingRow.objects.update_or_create(name=name, defaults={"body": row["body"]})


SECTIONS: list[Section] = [Performance()]
