"""The section `patrol` (patrol.yaml) of a pack: checklists, points of rounds, kinds of visits, the alarm."""

from collections.abc import Sequence

from shanzhi.packs.files import Pack
from shanzhi.packs.section import Rows, Section, parse
from shanzhi.patrol.models import SettingRow
from shanzhi.patrol.setting import Setting

FILE = "patrol.yaml"
NAME = "patrol"


class Patrol:
    """One row; the file may be missing, then there are no rounds and no visits."""

    name = NAME
    order = 76

    def read(self, pack: Pack) -> Rows:
        document = pack.yaml(FILE) if pack.exists(FILE) else None
        if document is None:
            return {}
        if not isinstance(document.value, dict) or not isinstance(document.value.get(NAME), dict):
            pack.fault(FILE, 1, "shape", "expected 'patrol:'")
            return {}
        found = parse(pack, document, Setting, NAME)
        return {NAME: {"body": found.model_dump(mode="json")}} if found else {}

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Questions are facts of the registry with its source `visit`; rounds and visits have their case types."""
        document = pack.yaml(FILE) if NAME in rows else None
        if document is None:
            return
        setting = Setting.model_validate(rows[NAME]["body"])
        registry = everything.get("facts", {})
        for kind, visit in setting.visits.items():
            for key, question in visit.questions.items():
                if question.fact and f"type:{question.fact}" not in registry:
                    line = document.line(NAME, "visits", kind, "questions", key)
                    pack.fault(FILE, line, "unknown", f"there is no fact {question.fact}")
        if setting.visits and "source:visit" not in registry:
            pack.fault(FILE, document.line(NAME, "visits"), "unknown", "facts.yaml has no source visit")
        types = everything.get("case-types", {})
        for part, type_ in (("points", "patrol"), ("visits", "visit")):
            if getattr(setting, part) and type_ not in types:
                pack.fault(FILE, document.line(NAME, part), "unknown", f"there is no case type {type_}")

    def current(self) -> Rows:
        return {row.name: {"body": row.body} for row in SettingRow.objects.all()}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        SettingRow.objects.filter(name__in=remove).delete()
        for name, row in {**add, **change}.items():
            SettingRow.objects.update_or_create(name=name, defaults={"body": row["body"]})


SECTIONS: list[Section] = [Patrol()]
