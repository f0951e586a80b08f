"""How far somebody's rights reach, as a value that every list turns into one WHERE clause.

Pure: the roles in force come in as an argument. A grant that lacks what its role's reach needs (an area, an
organisation) grants nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shanzhi.base.codes import span
from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.roles import BUILT_IN, Role

Param = str | int | list[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a right reaches (可见范围): areas, organisations (also within an area), and what is one's own."""

    everything: bool = False
    areas: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    account: int | None = None

    def __bool__(self) -> bool:
        return self.everything or bool(self.areas or self.orgs or self.pairs) or self.account is not None

    def covers(self, area: str = "", orgs: Collection[str] = (), accounts: Collection[int] = ()) -> bool:
        """Whether it reaches one thing in `area`, of any of `orgs`, reported by any of `accounts`."""
        return (
            self.everything
            or (bool(area) and area.startswith(self.areas))
            or any(org in self.orgs for org in orgs)
            or any(org in orgs and area.startswith(prefix) for prefix, org in self.pairs)
            or (self.account is not None and self.account in accounts)
        )

    def where(self, *, area: str, org: str, own: str | None = None) -> tuple[str, list[Param]]:
        """The SQL condition and its parameters.

        `area` is a column in C collation; `org` a condition with one %s that is given the organisations as
        an array, such as `c.org = ANY(%s)`; `own` a condition with one %s that is given the account's id.
        """
        if self.everything:
            return "TRUE", []
        parts: list[str] = []
        params: list[Param] = []
        for low, high in (span(prefix) for prefix in self.areas):
            parts.append(f"({area} >= %s AND {area} < %s)")
            params += [low, high]
        if self.orgs:
            parts.append(f"({org})")
            params.append(list(self.orgs))
        for prefix, key in self.pairs:
            low, high = span(prefix)
            parts.append(f"({area} >= %s AND {area} < %s AND ({org}))")
            params += [low, high, [key]]
        if own is not None and self.account is not None:
            parts.append(f"({own})")
            params.append(self.account)
        return (f"({' OR '.join(parts)})" if parts else "FALSE"), params


EVERYTHING = Scope(everything=True)
NOTHING = Scope()


def scope(actor: Actor, right: str = "case.view", roles: Mapping[str, Role] = BUILT_IN) -> Scope:
    """How far a right of the actor reaches. Every account holds what a resident holds over its own things."""
    if actor.kind == "system":
        return EVERYTHING
    held = [
        (roles[g.role].reach, g) for g in actor.grants if g.role in roles and right in roles[g.role].rights
    ]
    if any(reach == "all" for reach, _ in held):
        return EVERYTHING
    resident = roles.get("resident")
    own = resident is not None and right in resident.rights or any(reach == "own" for reach, _ in held)
    return Scope(
        areas=_shortest({g.area for reach, g in held if reach == "area" and g.area and not g.org}),
        orgs=tuple(sorted({g.org for reach, g in held if _by_org(reach, g) and not g.area})),
        pairs=tuple(sorted({(g.area, g.org) for reach, g in held if _by_org(reach, g) and g.area})),
        account=actor.account if own else None,
    )


def _by_org(reach: str, grant: Grant) -> bool:
    return reach in ("org", "area") and bool(grant.org)


def _shortest(areas: set[str]) -> tuple[str, ...]:
    """The areas that lie in no other of them."""
    return tuple(sorted(a for a in areas if not any(a != b and a.startswith(b) for b in areas)))


def require(actor: Actor, right: str, reach: Scope) -> None:
    """Raises NotSignedIn or Denied when the right reaches nothing at all."""
    if not reach:
        if not actor.is_known:
            raise NotSignedIn("Sign in first")
        raise Denied("You do not have the right to do this", right=right)
