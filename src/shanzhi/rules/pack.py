"""The sections `rules` (rules/*.yaml) and `categories` (categories.csv) of a pack."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.packs.files import Document, Pack
from shanzhi.packs.section import Rows, Section, parse
from shanzhi.rules.category import CategoryRow as CategoryFile
from shanzhi.rules.category import faults
from shanzhi.rules.check import check
from shanzhi.rules.conditions import Within, atoms
from shanzhi.rules.expression import Path
from shanzhi.rules.models import CategoryRow, RuleVersion
from shanzhi.rules.reading import Reading, read
from shanzhi.rules.schema import RuleSpec

CATEGORIES = "categories.csv"
SECTION_OF = {"category": "categories", "area": "areas", "org": "orgs"}


class Rules:
    """Rules, one file each. Versions are never overwritten: what was applied stays what it was."""

    name = "rules"
    order = 40

    def read(self, pack: Pack) -> Rows:
        """Rows by id: version, digest and body."""
        rows: Rows = {}
        for document in pack.glob("rules/*.yaml"):
            spec = parse(pack, document, RuleSpec)
            if spec is None:
                continue
            if spec.id in rows:
                pack.fault(document.file, document.line("id"), "twice", f"the rule {spec.id} is given twice")
                continue
            for finding in check(spec):
                line, column = document.place(finding.path)
                pack.fault(document.file, line, finding.code, finding.message, column)
            rows[spec.id] = {"version": spec.version, "digest": spec.digest, "body": spec.body}
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Categories, areas and organisations that a rule names must be in the pack."""
        for document in pack.glob("rules/*.yaml"):
            id = _id(document)
            if id not in rows:
                continue
            for path, kind, key in _names(RuleSpec.model_validate(rows[id]["body"])):
                known = everything.get(SECTION_OF[kind])
                if known and not _known(kind, key, known):
                    message = f"there is no {kind} {key} in this pack"
                    line, column = document.place(path)
                    pack.fault(document.file, line, f"unknown_{kind}", message, column)

    def compare(self, rows: Rows, pack: Pack) -> None:
        """A rule changes only with a higher version: what was decided by one can be read in it for ever."""
        for id, version in _overwritten(rows):
            document = next(d for d in pack.glob("rules/*.yaml") if _id(d) == id)
            message = _RAISE % {"rule": id, "version": version}
            pack.fault(document.file, document.line("version"), "rule_version", message)

    def current(self) -> Rows:
        newest = RuleVersion.objects.filter(offered=True).order_by("rule", "-version").distinct("rule")
        return {r.rule: {"version": r.version, "digest": r.digest, "body": r.body} for r in newest}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        """Raises Invalid naming each rule that says something else under a version that was applied."""
        rows = {**add, **change}
        _refuse_overwriting(rows)
        for id, row in rows.items():
            valid = RuleSpec.model_validate(row["body"]).valid
            RuleVersion.objects.get_or_create(
                rule=id,
                version=row["version"],
                defaults={
                    "body": row["body"], "digest": row["digest"], "valid_from": valid.since, "valid_to": valid.to,
                    "text": json.dumps(row["body"], ensure_ascii=False),
                },
            )  # fmt: skip
        RuleVersion.objects.filter(rule__in=list(add)).update(offered=True)
        RuleVersion.objects.filter(rule__in=list(remove)).update(offered=False)


class Categories:
    """Categories of reports."""

    name = "categories"
    order = 38

    def read(self, pack: Pack) -> Rows:
        """Rows by code."""
        rows: Rows = {}
        lines: dict[str, int] = {}
        for line, cells in pack.csv(CATEGORIES) if pack.exists(CATEGORIES) else []:
            try:
                row = CategoryFile.model_validate(cells).model_dump()
            except ValidationError as error:
                for problem in error.errors():
                    where = ".".join(str(part) for part in problem["loc"])
                    pack.fault(CATEGORIES, line, problem["type"], f"{where}: {problem['msg']}")
                continue
            if row["code"] in rows:
                pack.fault(CATEGORIES, line, "twice", f"the category {row['code']} is given twice")
            rows[row["code"]], lines[row["code"]] = row, line
        for key, code, message in faults(rows):
            pack.fault(CATEGORIES, lines[key], code, message)
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Nothing: categories refer to nothing outside of themselves."""

    def current(self) -> Rows:
        fields = tuple(CategoryFile.model_fields)
        return {row["code"]: row for row in CategoryRow.objects.filter(open=True).values(*fields)}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        fields = tuple(CategoryFile.model_fields)
        CategoryRow.objects.bulk_create(
            [CategoryRow(**row, open=True) for row in [*add.values(), *change.values()]],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[*(f for f in fields if f != "code"), "open"],
        )
        CategoryRow.objects.filter(code__in=list(remove)).update(open=False)


SECTIONS: list[Section] = [Categories(), Rules()]


def _id(document: Document) -> str:
    return str(document.value.get("id", "")) if isinstance(document.value, dict) else ""


def _refuse_overwriting(rows: Rows) -> None:
    """A version that was applied stays what it was, and a rule's newest version is the one in the pack."""
    errors = [
        FieldError(f"rules.{id}", _RAISE, {"rule": id, "version": version})
        for id, version in _overwritten(rows)
    ]
    if errors:
        raise Invalid(_RAISE % errors[0].facts, code="rule_version", errors=errors)


def _overwritten(rows: Rows) -> Iterator[tuple[str, int]]:
    """The rules that say something else under a version that was applied, and that version."""
    newest: dict[str, RuleVersion] = {}
    for applied in RuleVersion.objects.filter(rule__in=list(rows)).order_by("rule", "version"):
        newest[applied.rule] = applied
    for id, last in newest.items():
        row = rows[id]
        if row["version"] < last.version or (row["version"] == last.version and row["digest"] != last.digest):
            yield id, last.version


_RAISE = gettext_noop(
    "The rule %(rule)s was changed, but its version %(version)s was applied already: raise its version"
)


def _names(spec: RuleSpec) -> Iterator[tuple[Path, str, str]]:
    """Each category, area and organisation that a rule names: where, its kind and its key."""
    reading = read(spec)
    for number, fact, condition in reading.conditions():
        kind = spec.facts[fact].type
        if kind in SECTION_OF:
            for atom in atoms(condition):
                assert isinstance(atom, Within)
                yield reading.path(number, fact), kind, atom.code
    for path, then in _thens(reading):
        for name, value in then.items():
            output = str(spec.outputs[name].type) if name in spec.outputs else ""
            if output in SECTION_OF:
                for key in value if isinstance(value, list | tuple) else [value]:
                    yield (*path, name), output, str(key)


def _thens(reading: Reading) -> Iterator[tuple[Path, dict[str, Any]]]:
    for number, row in enumerate(reading.spec.rows):
        yield ("rows", number, "then"), row.then
    if reading.spec.otherwise:
        yield ("otherwise", "then"), reading.spec.otherwise.then


def _known(kind: str, key: str, rows: Rows) -> bool:
    if key in rows:
        return True
    return kind == "category" and any(code.startswith(key) for code in rows)
