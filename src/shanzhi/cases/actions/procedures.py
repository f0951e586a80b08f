"""Side procedures: asking and deciding."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shanzhi.cases import sides
from shanzhi.cases.actions.common import locked, moment, saved, type_of
from shanzhi.cases.models import Case
from shanzhi.cases.sides import Ask, Share
from shanzhi.cases.state import State
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import check_owner


@transaction.atomic
def ask(
    actor: Actor, case: UUID, wanted: Ask, *, seen: int | None = None, at: datetime | None = None
) -> State:
    """Asks for an extension, a suspension, to send back, to void or to consult."""
    stored = locked(actor, case, seen=seen)
    if wanted.orgs:
        check_owner(stored.state["org"], None, wanted.orgs)
    when = moment(at)
    change = sides.asked(type_of(stored.state), stored.state, actor, wanted, when)
    return saved(actor, stored, change, "case.asked", when.at)


@transaction.atomic
def decide(
    actor: Actor, case: UUID, request: str, *, granted: bool, decision: str = "", at: datetime | None = None
) -> State:
    """Grants or refuses; what was granted takes effect at once."""
    stored = locked(actor, case)
    when = moment(at)
    share = _share(stored.state["org"])
    change = sides.decided(
        type_of(stored.state), stored.state, actor, request, (granted, decision), when, share
    )
    return saved(actor, stored, change, "case.decided", when.at)


def _share(org: str) -> Share:
    """The share of an organisation's open cases that is suspended; decisions on it are taken one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.share'), hashtext(%s))", [org])
    cases = Case.objects.filter(org=org, open=True)
    return Share(cases.filter(suspended_until__isnull=False).count(), cases.count())
