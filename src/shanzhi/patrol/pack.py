"""The section `patrol` (patrol.yaml) of a pack: checklists, points of rounds, kinds of visits, the alarm."""

from shanzhi.packs.files import Document, Pack
from shanzhi.packs.section import OneRow, Rows, Section
from shanzhi.patrol.models import SettingRow
from shanzhi.patrol.setting import Setting, VisitKind

FILE = "patrol.yaml"
NAME = "patrol"


class Patrol(OneRow):
    """Without the file there are no rounds and no visits."""

    name = NAME
    order = 76
    schema = Setting
    table = SettingRow

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
            self._ends(kind, visit, pack, document, registry)
        if setting.visits and "source:visit" not in registry:
            pack.fault(FILE, document.line(NAME, "visits"), "unknown", "facts.yaml has no source visit")
        self._categories(setting, pack, document, everything.get("categories", {}))
        types = everything.get("case-types", {})
        for part, type_ in (("points", "patrol"), ("visits", "visit")):
            if getattr(setting, part) and type_ not in types:
                pack.fault(FILE, document.line(NAME, part), "unknown", f"there is no case type {type_}")

    def _ends(self, kind: str, visit: VisitKind, pack: Pack, document: Document, registry: Rows) -> None:
        """What ends visits is a fact of a person; one elsewhere is an area."""
        for key, end in visit.ends.items():
            body = registry.get(f"type:{end.fact}", {}).get("body")
            line = document.line(NAME, "visits", kind, "ends", key)
            if body is None:
                pack.fault(FILE, line, "unknown", f"there is no fact {end.fact}")
            elif body.get("subject", "person") != "person" or end.elsewhere != (body.get("type") == "area"):
                pack.fault(
                    FILE, line, "unknown", f"{end.fact} is no fact of a person by which this could be said"
                )

    def _categories(self, setting: Setting, pack: Pack, document: Document, known: Rows) -> None:
        for name, checklist in setting.checklists.items():
            for key, item in checklist.items.items():
                if item.category and item.category not in known:
                    line = document.line(NAME, "checklists", name, "items", key)
                    pack.fault(FILE, line, "unknown", f"there is no category {item.category}")


SECTIONS: list[Section] = [Patrol()]
