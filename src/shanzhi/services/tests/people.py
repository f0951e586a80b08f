"""People whom the registers know, for tests with the fixture `district`."""

from datetime import date
from typing import Any
from uuid import UUID

from shanzhi.cases.tests.district import actor
from shanzhi.orgs.actor import Actor
from shanzhi.residents.actions.facts import Given, keep
from shanzhi.services.actions.drafting import own_person

YULIN = "510107005"
BY = {
    "birth_date": "police", "gender": "police", "hukou": "police", "dwells": "police", "identity": "police",
    "assistance": "assistance", "disability": "disabled", "medical": "medical", "pension": "labour",
}  # fmt: skip


def registered(username: str = "wangdama", *, age: int = 82, **facts: Any) -> UUID:
    """The person of an account, as the registers know him: so old, registered in Yulin, and what else is given."""
    person = own_person(actor(username))
    told = {"birth_date": born(age), "hukou": YULIN, "dwells": YULIN, **facts}
    for key, value in told.items():
        if value is not None:
            keep(Actor.system(), person, [Given(key, value)], source=BY[key])
    return person


def born(age: int) -> str:
    """A date of birth so many years ago."""
    from shanzhi.residents.queries.facts import today

    day = today()
    return str(date(day.year - age, day.month, min(day.day, 28)))
