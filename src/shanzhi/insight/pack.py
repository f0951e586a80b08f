"""The section `performance` of a pack (performance.yaml): what is compared with what, and what gives points."""

from shanzhi.insight.measures import CODES, Setting
from shanzhi.insight.models import SettingRow
from shanzhi.packs.files import Pack
from shanzhi.packs.section import OneRow, Rows, Section

COUNTS = {*CODES, "training_hours"}


class Performance(OneRow):
    """Without the file nothing gives points."""

    name = "performance"
    order = 73
    schema = Setting
    table = SettingRow

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Each point counts something that is counted, once."""
        document = pack.yaml(self.file) if self.name in rows else None
        if document is None:
            return
        found = Setting.model_validate(rows[self.name]["body"])
        codes = [item.code for item in found.points]
        for n, item in enumerate(found.points):
            if item.counts not in COUNTS:
                line = document.line(self.name, "points", n, "counts")
                pack.fault(self.file, line, "unknown", f"nothing is counted as {item.counts!r}")
            if item.code in codes[:n]:
                pack.fault(
                    self.file, document.line(self.name, "points", n), "twice", f"{item.code} is given twice"
                )


SECTIONS: list[Section] = [Performance()]
