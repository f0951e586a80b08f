"""The section `grids` of a pack (grids.yaml): how large a grid should be, how often it is walked."""

from collections.abc import Sequence

from shanzhi.grids.models import SettingRow
from shanzhi.grids.setting import Setting
from shanzhi.packs.files import Pack
from shanzhi.packs.section import Rows, Section, parse

FILE, NAME = "grids.yaml", "grids"


class Grids:
    """One row; without the file the usual sizes hold."""

    name = NAME
    order = 72

    def read(self, pack: Pack) -> Rows:
        document = pack.yaml(FILE) if pack.exists(FILE) else None
        if document is None:
            return {}
        if not isinstance(document.value, dict) or not isinstance(document.value.get(NAME), dict):
            pack.fault(FILE, 1, "shape", "expected 'grids:'")
            return {}
        found = parse(pack, document, Setting, NAME)
        return {NAME: {"body": found.model_dump(mode="json")}} if found else {}

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """It refers to nothing in other sections."""

    def current(self) -> Rows:
        return {row.name: {"body": row.body} for row in SettingRow.objects.all()}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        SettingRow.objects.filter(name__in=remove).delete()
        for name, row in {**add, **change}.items():
            SettingRow.objects.update_or_create(name=name, defaults={"body": row["body"]})


SECTIONS: list[Section] = [Grids()]
