"""The sections `hotline` (hotline.yaml; what is wrong with the responsibility list as a whole) and `answers`
(answers.yaml: approved answers) of a pack."""

from collections.abc import Sequence
from typing import Any

from shanzhi.hotline.answers import Answer
from shanzhi.hotline.duties import conflicts, gaps, table
from shanzhi.hotline.models import AnswerRow, SettingRow
from shanzhi.hotline.setting import Alarm, Setting
from shanzhi.packs.files import Document, Pack
from shanzhi.packs.section import OneRow, Rows, Section, parse
from shanzhi.rules.evaluate import BadRule
from shanzhi.rules.schema import RuleSpec

FILE = "hotline.yaml"
NAME = "hotline"
ANSWERS = "answers.yaml"


class Hotline(OneRow):
    """Without the file nothing is ranked, and the rest is as usual."""

    name = NAME
    order = 70
    schema = Setting
    table = SettingRow

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        if NAME not in rows:
            return
        document = pack.yaml(FILE)
        assert document is not None
        setting = Setting.model_validate(rows[NAME]["body"])
        for path, section, key in _names(setting):
            if key not in everything.get(section, {}):
                message = f"there is no {key!r} among the {section} of this pack"
                pack.fault(FILE, document.line("hotline", *path), "unknown", message)
        _check_alarm(setting.alarm, document, pack, everything)
        spec = everything.get("rules", {}).get(setting.list_rule)
        if spec is not None:
            _check_list(RuleSpec.model_validate(spec["body"]), pack, everything)


def _names(setting: Setting) -> list[tuple[tuple[str | int, ...], str, str]]:
    """What a setting names of other sections, and where."""
    found: list[tuple[tuple[str | int, ...], str, str]] = [
        (("ranking", n, "types"), "case-types", type_)
        for n, formula in enumerate(setting.ranking)
        for type_ in formula.types
    ]
    found += [(("callbacks", "types"), "case-types", type_) for type_ in setting.callbacks.types]
    found += [(("alarm", "roles"), "roles", role) for role in setting.alarm.roles]
    found += [
        (("whistles", "type"), "case-types", setting.whistles.type),
        (("whistles", "rule"), "rules", setting.whistles.rule),
        (("alarm", "rule"), "rules", setting.alarm.rule),
        (("list_rule",), "rules", setting.list_rule),
    ]
    return found


def _check_alarm(alarm: Alarm, document: Document, pack: Pack, everything: dict[str, Rows]) -> None:
    """An alarm for words that no rule looks for would never be raised."""
    row = everything.get("rules", {}).get(alarm.rule)
    if row is None:
        return
    fact = RuleSpec.model_validate(row["body"]).facts.get(alarm.fact)
    if fact is None:
        message = f"the rule {alarm.rule} has no fact {alarm.fact}"
        pack.fault(FILE, document.line(NAME, "alarm", "fact"), "unknown", message)
    elif strange := sorted(set(alarm.values) - set(fact.values)):
        message = f"{alarm.fact} is never {', '.join(strange)}"
        pack.fault(FILE, document.line(NAME, "alarm", "values"), "unknown", message)


def _check_list(spec: RuleSpec, pack: Pack, everything: dict[str, Rows]) -> None:
    """Two rows that give one matter to two leads are a fault; what no row names is noted, the centre takes it."""
    document = next((d for d in pack.glob("rules/*.yaml") if _id(d) == spec.id), None)
    if document is None:
        return
    leaves = _leaves(everything.get("categories", {}))
    streets = sorted(code for code in everything.get("areas", {}) if len(code) == 9)
    try:
        found = table(spec, leaves, streets)
    except BadRule:
        return  # the section of rules has said so
    for one in conflicts(found):
        line = document.line("rows", one.later - 1)
        message = (
            f"rows {one.earlier} and {one.later} give {one.category} in {one.area} to {one.first} and "
            f"{one.second}, and neither is an exception of the other"
        )
        pack.fault(document.file, line, "two_leads", message)
    for category, areas in gaps(found).items():
        where = "anywhere" if len(areas) == len(streets) else ", ".join(areas)
        pack.note(
            document.file, 1, "gap", f"no row names a lead for {category} ({where}): the centre takes it"
        )


def _leaves(categories: dict[str, Any]) -> list[str]:
    parents = {row["parent"] for row in categories.values()}
    return sorted(code for code in categories if code not in parents)


def _id(document: Document) -> str:
    return str(document.value.get("id", "")) if isinstance(document.value, dict) else ""


class Answers:
    """Approved answers by their ids; the file may be missing, then nothing is offered."""

    name = "answers"
    order = 71

    def read(self, pack: Pack) -> Rows:
        document = pack.yaml(ANSWERS) if pack.exists(ANSWERS) else None
        if document is None:
            return {}
        listed = document.value.get("answers") if isinstance(document.value, dict) else None
        if not isinstance(listed, list):
            pack.fault(ANSWERS, 1, "shape", "expected 'answers:' and a list")
            return {}
        rows: Rows = {}
        for number in range(len(listed)):
            found = parse(pack, document, Answer, "answers", number)
            if found is not None and found.id in rows:
                line = document.line("answers", number)
                pack.fault(ANSWERS, line, "twice", f"the answer {found.id} is given twice")
            elif found is not None:
                rows[found.id] = {"body": found.model_dump(mode="json", by_alias=True)}
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """The same question has one answer, and a category that is named is there."""
        document = pack.yaml(ANSWERS) if rows else None
        categories, asked = everything.get("categories", {}), dict[str, str]()
        for number, row in enumerate(document.value["answers"] if document else []):
            body = rows.get(str(row.get("id")) if isinstance(row, dict) else "", {}).get("body")
            if document is None or body is None:
                continue
            if body["category"] and body["category"] not in categories:
                line = document.line("answers", number, "category")
                pack.fault(ANSWERS, line, "unknown", f"there is no category {body['category']}")
            for place, question in enumerate(body["questions"]):
                if asked.setdefault(question, body["id"]) != body["id"]:
                    line = document.line("answers", number, "questions", place)
                    message = f"{question!r} is answered by {asked[question]} already"
                    pack.fault(ANSWERS, line, "two_answers", message)

    def current(self) -> Rows:
        return {row.key: {"body": row.body} for row in AnswerRow.objects.all()}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        AnswerRow.objects.filter(key__in=list(remove)).delete()
        AnswerRow.objects.bulk_create(
            [AnswerRow(key=key, body=row["body"]) for key, row in {**add, **change}.items()],
            update_conflicts=True, unique_fields=["key"], update_fields=["body"],
        )  # fmt: skip


SECTIONS: list[Section] = [Hotline(), Answers()]
