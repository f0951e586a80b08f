"""Who acts, and what was granted to them. Plain values: every action takes an `Actor` first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["account", "client", "anonymous", "system"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody holds (授权), within an area (a prefix of area codes) or for an organisation.

    An empty `area` sets no limit by place; an empty `org` means the role is not held for an organisation.
    """

    role: str
    area: str = ""
    org: str = ""

    def covers(self, area: str | None = None, org: str | None = None) -> bool:
        """Whether this grant reaches a thing in `area` that belongs to `org` (None: not asked).

        An organisation that is asked for must be the one of the grant: a role held for no organisation
        is never taken for a role in every organisation.
        """
        inside = area is None or area.startswith(self.area)
        return inside and (org is None or org == self.org)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: somebody signed in, a machine with a key, somebody unknown, or the platform itself."""

    kind: Kind
    id: int | None
    name: str
    grants: tuple[Grant, ...] = ()

    @classmethod
    def anonymous(cls) -> "Actor":
        return cls("anonymous", None, "")

    @classmethod
    def system(cls, name: str = "system") -> "Actor":
        """The platform itself (clocks, readers, the command line); it passes every permission check."""
        return cls("system", None, name)

    @property
    def ref(self) -> str:
        """How journal entries name the actor: `account:12`, `client:3`, `anonymous`, `system`."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    @property
    def is_known(self) -> bool:
        return self.kind != "anonymous"

    @property
    def account(self) -> int | None:
        """The id of the account when a person acts."""
        return self.id if self.kind == "account" else None

    def has(self, role: str, area: str | None = None, org: str | None = None) -> bool:
        """Whether a grant of this role reaches the area and the organisation asked for."""
        return any(grant.role == role and grant.covers(area, org) for grant in self.grants)

    def has_any(self, roles: Iterable[str], area: str | None = None, org: str | None = None) -> bool:
        return any(self.has(role, area, org) for role in roles)

    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def areas(self, role: str) -> tuple[str, ...]:
        """The area prefixes for which the role is held; `""` among them means everywhere."""
        return tuple(sorted({g.area for g in self.grants if g.role == role and not g.org}))

    def orgs(self, role: str | None = None) -> tuple[str, ...]:
        """The organisations the actor stands for, with one role or with any."""
        return tuple(sorted({g.org for g in self.grants if g.org and role in (None, g.role)}))
