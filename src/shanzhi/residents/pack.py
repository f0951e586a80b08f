"""The section `facts` (facts.yaml) of a pack: the registry of fact types and of the sources they come from."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from shanzhi.packs.files import Document, Pack
from shanzhi.packs.section import Rows, Section, parse
from shanzhi.residents.fact import FactType, SourceSpec
from shanzhi.residents.models import FactTypeRow

FILE = "facts.yaml"
PARTS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("sources", "source", SourceSpec),
    ("facts", "type", FactType),
)


class Facts:
    """Rows by `source:police` and `type:birth_date`; without the file nothing is known of anybody."""

    name = "facts"
    order = 30

    def read(self, pack: Pack) -> Rows:
        document = pack.yaml(FILE) if pack.exists(FILE) else None
        rows: Rows = {}
        if document is None:
            return rows
        value = document.value if isinstance(document.value, dict) else {}
        for part, kind, schema in PARTS:
            listed = value.get(part)
            if not isinstance(listed, dict):
                pack.fault(FILE, 1, "shape", f"expected '{part}:' with a mapping")
                continue
            for key in listed:
                found = parse(pack, document, schema, part, key)
                if found is not None:
                    body = found.model_dump(mode="json", exclude_unset=True)
                    rows[f"{kind}:{key}"] = {"kind": kind, "body": body}
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Sources, organisations and the facts that others are counted from must be there."""
        document = pack.yaml(FILE) if rows else None
        if document is None:
            return
        orgs = everything.get("orgs", {})
        for key, row in rows.items():
            kind, _, name = key.partition(":")
            for path, message in _complaints(kind, name, row["body"], rows, orgs):
                pack.fault(FILE, _line(document, path), "unknown", message)

    def current(self) -> Rows:
        return {
            row.key: {"kind": row.kind, "body": row.body} for row in FactTypeRow.objects.filter(open=True)
        }

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        FactTypeRow.objects.bulk_create(
            [FactTypeRow(key=key, open=True, **row) for key, row in {**add, **change}.items()],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["kind", "body", "open"],
        )
        FactTypeRow.objects.filter(key__in=list(remove)).update(open=False)


def _complaints(
    kind: str, name: str, body: dict[str, Any], rows: Rows, orgs: Rows
) -> list[tuple[tuple[str, ...], str]]:
    part = "sources" if kind == "source" else "facts"
    found: list[tuple[tuple[str, ...], str]] = []
    org = body.get("org") or body.get("owner")
    if org and orgs and org not in orgs:
        found.append(
            ((part, name, "org" if kind == "source" else "owner"), f"there is no organisation {org}")
        )
    for source in body.get("sources", ()):
        if f"source:{source}" not in rows:
            found.append(((part, name, "sources"), f"there is no source {source}"))
    for one, member in body.get("members", {}).items():
        known = member.get("known")
        if known and known != "relation" and f"type:{known}" not in rows:
            found.append(((part, name, "members", one, "known"), f"there is no fact {known}"))
    over = (body.get("over") or {}).get("group")
    if over and not rows.get(f"type:{over}", {}).get("body", {}).get("members"):
        found.append(((part, name, "over"), f"there is no group {over}"))
    since = body.get("since")
    if since and rows.get(f"type:{since}", {}).get("body", {}).get("type") != "date":
        found.append(((part, name, "since"), f"there is no date {since} to count from"))
    return found


def _line(document: Document, path: tuple[str, ...]) -> int:
    return document.line(*path)


SECTIONS: list[Section] = [Facts()]
