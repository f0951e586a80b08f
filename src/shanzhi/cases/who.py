"""Who may do something with a case: `dispatcher@area | owner | reporter`.

A term is a role with the place in which it must be held, or a part somebody plays in this very case:

- `role@area`: holds the role for the area that the case lies in; `role@org`: in the organisation that owns
  it; `role`: anywhere.
- `owner`: the person it is assigned to or, while nobody is, any handler of the owning organisation.
- `helper`: a handler of an organisation that helps; `reporter`: one of those who reported it.
"""

import re
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from shanzhi.base.codes import is_within
from shanzhi.base.value import dataclass
from shanzhi.orgs.actor import Actor, Grant

PARTS = ("owner", "helper", "reporter", "anyone", "system")
TERM = re.compile(r"^([a-z_]+)(?:@(area|org))?$")


@dataclass(frozen=True, slots=True)
class Party:
    """What a case says about who is who in it."""

    case: str
    area: str
    org: str
    person: int | None
    helpers: tuple[str, ...] = ()
    reporters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """A parsed expression; `terms` are (name, place) with place "", "area" or "org"."""

    terms: tuple[tuple[str, str], ...]

    @staticmethod
    @lru_cache(maxsize=500)
    def parse(text: str) -> "Who":
        """Raises ValueError naming the term that is not one."""
        terms = []
        for part in text.split("|"):
            match = TERM.match(part.strip())
            if not match or (match[1] in PARTS and match[2]):
                raise ValueError(
                    f"{part.strip()!r} is neither a role, role@area, role@org nor one of {PARTS}"
                )
            terms.append((match[1], match[2] or ""))
        return Who(tuple(terms))

    def roles(self) -> set[str]:
        return {name for name, _ in self.terms if name not in PARTS}

    def admits_system(self) -> bool:
        """Whether the platform itself is meant."""
        return any(name in ("system", "anyone") for name, _ in self.terms)

    def admits(self, actor: Actor, party: Party) -> bool:
        """Whether the actor is meant by any of the terms."""
        return any(_admits(name, place, actor, party) for name, place in self.terms)


def _admits(name: str, place: str, actor: Actor, party: Party) -> bool:
    match name:
        case "anyone":
            return True
        case "system":
            return actor.kind == "system"
        case "owner":
            return _owns(actor, party)
        case "helper":
            return any(_works_in(actor, org) for org in party.helpers)
        case "reporter":
            return reports(actor, party)
    return any(grant.role == name and _holds(grant.area, grant.org, place, party) for grant in actor.grants)


def link_holder(case: UUID, reporter: str) -> Actor:
    """Whoever holds the secret link of a reporter: nobody known, with one right in one case."""
    return Actor("anonymous", None, reporter, (Grant("reporter", org=str(case)),))


def holds_link(actor: Actor, case: str) -> bool:
    """Whether the actor came through the secret link of one of the reporters of this case."""
    return actor.kind == "anonymous" and actor.has("reporter", org=case)


def window(actor: Actor, case: UUID) -> Actor:
    """The same actor with a window into this one case: he sees it as if it lay within his reach."""
    return replace(actor, grants=(*actor.grants, Grant("window", org=str(case))))


def looks_in(actor: Actor, case: str) -> bool:
    """Whether the actor was given a window into this case."""
    return actor.has("window", org=case)


def reports(actor: Actor, party: Party) -> bool:
    """Whether the actor is one of the reporters."""
    return (actor.account is not None and actor.account in party.reporters) or holds_link(actor, party.case)


def _holds(area: str, org: str, place: str, party: Party) -> bool:
    if place == "org":
        return org != "" and org == party.org
    return place == "" or is_within(party.area, area)


def _owns(actor: Actor, party: Party) -> bool:
    if party.person is not None:
        return actor.kind == "account" and actor.id == party.person
    return _works_in(actor, party.org)


def _works_in(actor: Actor, org: str) -> bool:
    return org != "" and any(grant.org == org for grant in actor.grants)
