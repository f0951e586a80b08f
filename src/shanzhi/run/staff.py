"""Who acts in the generated month: the demo accounts, and a generated handler where an organisation has none."""

import secrets
from dataclasses import dataclass, field

from shanzhi.cases.state import State
from shanzhi.orgs.actions import open_account
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.queries import actors, demo_accounts, holders, orgs, people_of


@dataclass
class Staff:
    """Actors by role and by organisation, looked up once."""

    residents: list[int]
    _members: dict[str, Actor | None] = field(default_factory=dict)
    _holders: dict[tuple[str, str], Actor | None] = field(default_factory=dict)

    @classmethod
    def of_demo(cls) -> "Staff":
        """The staff of the demo; opens an account that nobody can sign in to where a handler is missing."""
        for key, name in orgs().items():
            if not people_of(key):
                open_account(
                    Actor.system(),
                    f"gen-{key}",
                    secrets.token_urlsafe(24),
                    name=f"{name[:20]}处置员（演示）",
                    staff=True,
                    grants=[Grant("handler", org=key)],
                )
        residents = [a.username for a in demo_accounts() if a.kind == "resident"]
        return cls([one.account for one in actors(usernames=residents) if one.account is not None])

    def who(self, role: str, state: State) -> Actor | None:
        """The actor of a role in a case; for `owner` the person or somebody of the owning organisation."""
        if role == "owner":
            person = state["person"]
            return actors(ids=[person])[0] if person is not None else self.member(state["org"])
        key = (role, state["area"])
        if key not in self._holders:
            found = holders(role, state["area"])
            self._holders[key] = actors(ids=found[:1])[0] if found else None
        return self._holders[key]

    def member(self, org: str) -> Actor | None:
        """Somebody who works for an organisation."""
        if org not in self._members:
            people = list(people_of(org))
            self._members[org] = actors(ids=people[:1])[0] if people else None
        return self._members[org]
