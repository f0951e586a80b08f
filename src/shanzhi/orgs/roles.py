"""Roles and the rights they carry.

A pack declares its own roles (`roles.yaml`); these are the ones a platform without any begins with. A right
is named `<room>.<verb>`. How far it reaches is said by the role: to what somebody reported (`own`), to the
area or the organisation of the grant, or to everything.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Reach = Literal["own", "area", "org", "all"]
REACHES: tuple[str, ...] = get_args(Reach)
RIGHT = re.compile(r"^[a-z][a-z_]*\.[a-z][a-z_]*$")

RIGHTS: dict[str, str] = {
    "case.view": "see cases",
    "case.view_personal": "see names and phones in cases, each look with a reason",
    "case.report": "report in one's own name",
    "case.report_for": "report in the name of somebody else (hotline, import)",
    "case.act": "be offered the moves the case type allows to one's role",
    "case.assign": "give cases to organisations and persons",
    "case.comment": "write internal notes",
    "case.publish": "decide what of a case is public",
    "case.evaluate": "evaluate as a third party",
    "case.export": "take lists of cases out",
    "person.look": "see a person's data unmasked, with a reason",
    "person.edit": "correct a person's data",
    "file.view": "open files that are not public",
    "pack.view": "see what is in force",
    "pack.apply": "bring a pack into force",
    "org.manage": "manage organisations, accounts, grants and API keys",
    "audit.read": "read the journal and who looked at what",
    "figures.view": "see indicators",
}


@dataclass(frozen=True, slots=True)
class Role:
    """A role (角色): what it may do, and how far each grant of it reaches."""

    code: str
    title: Mapping[str, str]
    reach: Reach
    staff: bool
    rights: frozenset[str]

    def row(self) -> dict[str, object]:
        """The plain form that packs and tables hold."""
        return {
            "title": dict(self.title),
            "reach": self.reach,
            "staff": self.staff,
            "rights": sorted(self.rights),
        }


def _role(code: str, zh: str, en: str, reach: Reach, *rights: str) -> Role:
    return Role(code, {"zh": zh, "en": en}, reach, code != "resident", frozenset(rights))


_WORK = ("case.view", "case.act", "case.comment", "case.report", "file.view")
BUILT_IN: dict[str, Role] = {
    role.code: role
    for role in (
        _role("resident", "居民", "Resident", "own", "case.view", "case.report", "case.act", "file.view"),
        _role("grid_worker", "网格员", "Grid worker", "area", *_WORK),
        _role("operator", "接线员", "Operator", "area", *_WORK, "case.report_for", "case.view_personal"),
        _role("registrar", "立案员", "Registrar", "area", *_WORK, "case.view_personal"),
        _role("dispatcher", "派遣员", "Dispatcher", "area", *_WORK, "case.assign", "case.view_personal"),
        _role("handler", "处置人员", "Handler", "org", *_WORK, "case.assign", "case.view_personal"),
        _role(
            "street_leader", "街道领导", "Street leader", "area", *_WORK, "case.assign", "case.publish",
            "case.export", "figures.view",
        ),
        _role("evaluator", "第三方评估员", "Evaluator", "area", "case.view", "case.evaluate", "case.act"),
        _role("auditor", "审计员", "Auditor", "area", "case.view", "audit.read", "pack.view", "figures.view"),
        _role(
            "administrator", "管理员", "Administrator", "all", "pack.view", "pack.apply", "org.manage",
            "audit.read", "figures.view",
        ),
    )
}  # fmt: skip


def in_force(rows: Iterable[Role]) -> dict[str, Role]:
    """The built-in roles, each replaced by the pack's role of the same code, and the pack's others."""
    return BUILT_IN | {role.code: role for role in rows}


def is_right(name: str) -> bool:
    """Whether this can be a right: known here, or of a room (a capability) that is not named here."""
    rooms = {right.split(".")[0] for right in RIGHTS}
    return name in RIGHTS or (RIGHT.match(name) is not None and name.split(".")[0] not in rooms)
