"""The case types of a pack: `case-types/*.yaml`, one type a file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.check import findings
from shanzhi.cases.models import Case, CaseTypeVersion
from shanzhi.packs.files import Pack
from shanzhi.packs.section import Rows, parse

ORGS = "orgs.csv"


class CaseTypes:
    """Versions are never overwritten: a changed type needs a higher version, and cases keep the one they have."""

    name = "case-types"
    order = 50

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        for document in pack.glob("case-types/*.yaml"):
            type_ = parse(pack, document, CaseType)
            if type_ is None:
                continue
            if type_.type in rows:
                pack.fault(
                    document.file,
                    document.line("type"),
                    "twice",
                    f"the type {type_.type!r} is declared twice",
                )
            rows[type_.type] = document.value
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        for document in pack.glob("case-types/*.yaml"):
            value = document.value if isinstance(document.value, dict) else {}
            if rows.get(value.get("type", "")) is not value:
                continue
            for found in findings(
                CaseType.model_validate(value),
                roles=everything.get("roles", {}),
                rules={
                    id_: row["body"].get("outputs", ()) for id_, row in everything.get("rules", {}).items()
                },
                orgs=everything.get("orgs", {}),
            ):
                pack.fault(document.file, document.line(*found.path), found.code, found.message)

    def compare(self, rows: Rows, pack: Pack) -> None:
        """A type in force changes only with a higher version: running cases keep theirs."""
        current = self.current()
        for document in pack.glob("case-types/*.yaml"):
            value = document.value if isinstance(document.value, dict) else {}
            known = current.get(value.get("type", ""))
            if rows.get(value.get("type", "")) is not value or known in (None, value):
                continue
            if known and value["version"] <= known["version"]:
                message = f"it has changed and so needs a version above {known['version']}"
                pack.fault(document.file, document.line("version"), "case_type_version", message)
        _check_owners(pack)

    def current(self) -> Rows:
        return {row.type: row.body for row in CaseTypeVersion.objects.filter(current=True)}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        current = self.current()
        for type_, body in change.items():
            if body["version"] <= current[type_]["version"]:
                raise Invalid(
                    gettext_noop("The case type %(type)s has changed: it needs a version above %(version)s"),
                    code="case_type_version",
                    type=type_,
                    version=current[type_]["version"],
                )
        outdated = [*change, *remove]
        CaseTypeVersion.objects.filter(type__in=outdated, current=True).update(current=False)
        for body in [*add.values(), *change.values()]:
            self._apply(body)

    def _apply(self, body: dict[str, Any]) -> None:
        CaseTypeVersion.objects.update_or_create(
            type=body["type"], version=body["version"], defaults={"body": body, "current": True}
        )


def _check_owners(pack: Pack) -> None:
    """An organisation does not go while it owns open cases: nobody would be there to handle them."""
    kept = {row["key"] for _, row in pack.csv(ORGS) if "key" in row} if pack.exists(ORGS) else set()
    owned = Case.objects.filter(open=True).exclude(org__in=kept).values("org").annotate(count=Count("id"))
    for org, count in sorted(owned.values_list("org", "count")):
        message = f"{org} owns {count} open cases and is not in this pack: transfer them first"
        pack.fault(ORGS, 1, "owns_cases", message)


SECTIONS = [CaseTypes()]
