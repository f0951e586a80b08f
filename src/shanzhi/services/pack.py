"""The section `services` (services/*.yaml) of a pack: the catalogue of items, several in a file."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.packs.files import Document, Pack
from shanzhi.packs.section import Rows, Section
from shanzhi.reading.kinds import KINDS
from shanzhi.residents.fact import FactType
from shanzhi.rules.check import check
from shanzhi.rules.conditions import parse as parse_cell
from shanzhi.rules.facts import FactError
from shanzhi.rules.schema import RuleSpec
from shanzhi.services.item import Item, rule_of
from shanzhi.services.models import ItemRow

GLOB = "services/*.yaml"
_RAISE = gettext_noop(
    "The item %(item)s was changed, but its version %(version)s was applied already: raise its version"
)
Complaint = tuple[tuple[str | int, ...], str, str]


class Services:
    """Items by code. Versions are never overwritten: what was applied stays what it was."""

    name = "services"
    order = 60

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        for document in pack.glob(GLOB):
            listed = document.value.get("items") if isinstance(document.value, dict) else None
            if not isinstance(listed, list):
                pack.fault(document.file, 1, "shape", "expected 'items:' and a list")
                continue
            for number in range(len(listed)):
                item = _item(pack, document, number)
                if item is not None and item.code in rows:
                    line = document.line("items", number)
                    pack.fault(document.file, line, "twice", f"the item {item.code} is given twice")
                elif item is not None:
                    rows[item.code] = row_of(item)
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Conditions are of the registry's types, and organisations, rules and facts are there."""
        registry = _registry(everything.get("facts", {}))
        for document, number, item in _items(pack, rows):
            for path, code, message in complaints(item, registry, everything):
                pack.fault(document.file, document.line("items", number, *path), code, message)

    def compare(self, rows: Rows, pack: Pack) -> None:
        """An item changes only with a higher version: applications keep the one they were made under."""
        newest = dict(_overwritten(rows))
        for document, number, item in _items(pack, rows) if newest else ():
            if item.code in newest:
                line = document.line("items", number, "version")
                message = _RAISE % {"item": item.code, "version": newest[item.code]}
                pack.fault(document.file, line, "item_version", message)

    def current(self) -> Rows:
        newest = ItemRow.objects.filter(offered=True).order_by("code", "-version").distinct("code")
        return {r.code: {"version": r.version, "digest": r.digest, "body": r.body} for r in newest}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        """Raises Invalid naming each item that says something else under a version that was applied."""
        rows = {**add, **change}
        _refuse_overwriting(rows)
        ItemRow.objects.filter(code__in=list(rows)).exclude(offered=True).update(offered=True)
        ItemRow.objects.bulk_create(
            [ItemRow(code=code, offered=True, **row) for code, row in rows.items()], ignore_conflicts=True
        )
        ItemRow.objects.filter(code__in=list(remove)).update(offered=False)


def _item(pack: Pack, document: Document, number: int) -> Item | None:
    """One item with the `defaults` of its file; None and a fault for each complaint."""
    raw = document.value["items"][number]
    defaults = document.value.get("defaults") or {}
    if not isinstance(raw, dict) or not isinstance(defaults, dict):
        pack.fault(document.file, document.line("items", number), "shape", "expected the fields of an item")
        return None
    try:
        return Item.model_validate(defaults | raw)
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"])
            line = document.line("items", number, *problem["loc"])
            pack.fault(document.file, line, problem["type"], f"{name}: {problem['msg']}")
    return None


def row_of(item: Item) -> dict[str, Any]:
    """An item as a row of its section."""
    body = item.model_dump(mode="json", by_alias=True, exclude_unset=True)
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {"version": item.version, "digest": hashlib.sha256(text.encode()).hexdigest(), "body": body}


def _registry(rows: Rows) -> dict[str, FactType]:
    return {
        key.partition(":")[2]: FactType.model_validate(row["body"])
        for key, row in rows.items()
        if row["kind"] == "type"
    }


def _items(pack: Pack, rows: Rows) -> Iterator[tuple[Document, int, Item]]:
    for document in pack.glob(GLOB):
        listed = document.value.get("items") if isinstance(document.value, dict) else None
        seen = set()
        for number, raw in enumerate(listed or []):
            code = raw.get("code", "") if isinstance(raw, dict) else ""
            row = rows.get(code)
            if row is not None and code not in seen and _of_file(document, raw, row):
                seen.add(code)
                yield document, number, Item.model_validate(row["body"])


def _of_file(document: Document, raw: Rows, row: Rows) -> bool:
    """Whether it is from here that a row is, and not from another file with the same code."""
    try:
        return row_of(Item.model_validate((document.value.get("defaults") or {}) | raw)) == row
    except (ValidationError, TypeError):
        return False


def complaints(item: Item, registry: dict[str, FactType], everything: dict[str, Rows]) -> Iterator[Complaint]:
    """What is wrong between an item and the rest of the pack."""
    orgs = everything.get("orgs", {})
    if orgs and item.org not in orgs and item.org != "street":
        yield ("org",), "unknown", f"there is no organisation {item.org}"
    if item.rule:
        yield from _rule(item, registry, everything.get("rules", {}))
    for key in item.asks:
        if key not in registry:
            yield ("asks",), "unknown_fact", f"there is no fact {key} in the registry"
    yield from _materials(item, registry)
    yield from _conditions(item, registry)


def _materials(item: Item, registry: dict[str, FactType]) -> Iterator[Complaint]:
    for number, material in enumerate(item.materials):
        for key in (*material.proves, *material.when):
            if key not in registry:
                yield ("materials", number), "unknown_fact", f"there is no fact {key} in the registry"
        for key, cell in material.when.items():
            yield from _cell(("materials", number, "when", key), registry, key, cell)
        for kind in material.kinds:
            if kind not in KINDS:
                yield ("materials", number, "kinds"), "unknown_kind", f"there is no kind of paper {kind}"


def _cell(
    path: tuple[str | int, ...], registry: dict[str, FactType], key: str, cell: Any
) -> Iterator[Complaint]:
    try:
        if key in registry:
            parse_cell(registry[key], cell)
    except FactError as error:
        yield path, "type", f"{key}: {error}"


def _conditions(item: Item, registry: dict[str, FactType]) -> Iterator[Complaint]:
    try:
        spec = rule_of(item, registry)
    except KeyError as error:
        yield ("conditions",), "unknown_fact", f"there is no fact {error.args[0]} in the registry"
        return
    for finding in check(spec) if spec is not None else ():
        yield ("conditions", *finding.path[1:]), finding.code, finding.message


def _rule(item: Item, registry: dict[str, FactType], rules: Rows) -> Iterator[Complaint]:
    """A rule of the pack asks what the registry knows, as the registry types it."""
    if item.rule not in rules:
        yield ("rule",), "missing_rule", f"there is no rule {item.rule}"
        return
    spec = RuleSpec.model_validate(rules[item.rule]["body"])
    for name, fact in spec.facts.items():
        known = registry.get(name)
        if known is None and not fact.derived:
            yield ("rule",), "unknown_fact", f"its rule asks {name}, which the registry does not know"
        elif known is not None and (known.type, known.values, known.many) != (
            fact.type,
            fact.values,
            fact.many,
        ):
            yield ("rule",), "type", f"its rule and the registry differ about {name}"
    for name, group in spec.groups.items():
        known = registry.get(name)
        members = {key: (one.type, one.values) for key, one in known.members.items()} if known else {}
        for key, one in group.facts.items():
            if members.get(key) != (one.type, one.values):
                yield ("rule",), "type", f"its rule and the registry differ about {name}.{key}"


def _refuse_overwriting(rows: Rows) -> None:
    errors = [
        FieldError(f"services.{code}", _RAISE, {"item": code, "version": version})
        for code, version in _overwritten(rows)
    ]
    if errors:
        raise Invalid(_RAISE % errors[0].facts, code="item_version", errors=errors)


def _overwritten(rows: Rows) -> Iterator[tuple[str, int]]:
    """The items that say something else under a version that was applied, and the newest that was."""
    known = {
        (row.code, row.version): row.digest for row in ItemRow.objects.filter(code__in=list(rows)).only(
            "code", "version", "digest"
        )
    }  # fmt: skip
    newest: dict[str, int] = {}
    for code, version in known:
        newest[code] = max(newest.get(code, 0), version)
    for code, version in newest.items():
        row = rows[code]
        if row["version"] < version or known.get((code, row["version"]), row["digest"]) != row["digest"]:
            yield code, version


SECTIONS: list[Section] = [Services()]
