"""Whistling (吹哨): a street opens the case and calls the departments, all at once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.hotline.queries.settings import setting
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import street_office
from shanzhi.places.queries import children, county
from shanzhi.rules.evaluate import Answer, evaluate
from shanzhi.rules.queries import rule

HELD = "street_leader"


def streets(actor: Actor) -> list[str]:
    """The areas for which somebody may whistle: where he leads a street, or works for its office."""
    found = [place.code for place in children(county())]
    orgs = set(actor.orgs("handler"))
    return [code for code in found if actor.has(HELD, code) or street_office(code) in orgs]


def table(whistle: str, at: datetime) -> Answer:
    """What the list says: departments, how soon they muster and act. Raises NotFound without a list."""
    asked = rule(setting().whistles.rule)
    facts = {"whistle": whistle, "hour": at.astimezone(BEIJING).hour}
    return evaluate(asked, asked.spec.read(facts))


def kinds() -> tuple[str, ...]:
    """The whistles there are; none without a list."""
    try:
        fact = rule(setting().whistles.rule).spec.facts.get("whistle")
    except NotFound:
        return ()
    return fact.values if fact is not None else ()


@transaction.atomic
def blow(
    actor: Actor, area: str, whistle: str, text: str, *, departments: tuple[str, ...] = (),
    place: tuple[float, float] | None = None, address: str = "", at: datetime | None = None,
) -> State:  # fmt: skip
    """Opens the whistle and calls the departments: those chosen, or all that the list names.

    Raises Denied for who may not whistle there, Invalid for departments that the list does not name.
    """
    when = at or now()
    if not any(area.startswith(street) for street in streets(actor)):
        raise Denied(gettext_noop("You may whistle for your own street only"))
    if whistle not in kinds():
        raise Invalid(errors=[FieldError("whistle", gettext_noop("Choose a whistle"))])
    listed = tuple(table(whistle, when).outputs.get("departments", ()))
    strange = [org for org in departments if org not in listed]
    if strange or not listed:
        raise Invalid(
            errors=[FieldError("departments", gettext_noop("The list does not name them for this"))]
        )
    lon, lat = place or (None, None)
    report = Report(
        type=setting().whistles.type, text=text, area=area, lon=lon, lat=lat, address=address, channel="desk",
        public=False, data={"whistle": whistle}, account=actor.account, at=at,
    )  # fmt: skip
    opened = cases.open_case(actor, report)
    inputs = Inputs(helpers=departments or listed, reason=text[:500])
    return cases.move(actor, opened.id, "blow", inputs=inputs, at=at)


def rate(
    actor: Actor, case: UUID, task: str, stars: int, *, words: str = "", solved: bool | None = None
) -> State:
    """What the street says of a department's result."""
    return cases.rate_task(actor, case, task, Answers(None, solved, stars, words))
