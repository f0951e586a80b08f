"""Making the monthly report: on its day by the platform itself, or when somebody who leads asks for it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils import translation

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Denied, NotFound, gettext_noop
from shanzhi.hotline import monthly, months
from shanzhi.hotline.actions.excluding import SPACE
from shanzhi.hotline.models import Report
from shanzhi.hotline.queries.settings import setting
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.places.queries import areas, county

NO_FORMULA = gettext_noop("No formula of the ranking was in force in this month")


def due(at: datetime) -> date | None:
    """The month whose report is to be made now; none before its day, or where nothing is ranked."""
    known, local = setting(), at.astimezone(BEIJING)
    if (local.day, local.hour) < (known.monthly.day, known.monthly.hour):
        return None
    month = months.before(months.first(local.date()))
    return month if known.formula(month) is not None and areas().roots() else None


def on_schedule(at: datetime | None = None) -> int:
    """Makes the report of last month once its day has come; whichever worker is first."""
    month = due(at or now())
    if month is None or Report.objects.filter(pk=month).exists():
        return 0
    make(Actor.system(), month)
    return 1


@transaction.atomic
def make(actor: Actor, month: date) -> Report:
    """Keeps what the report says; made again, it replaces the one before. Raises Denied, NotFound."""
    if not covers_all(actor):
        raise Denied()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hotline.report'))")
    with translation.override("zh-hans"):
        data = monthly.told(actor, month)
    if data is None:
        raise NotFound(NO_FORMULA)
    found, _ = Report.objects.update_or_create(
        month=month, defaults={"made_at": now(), "made_by": actor.ref, "data": data}
    )
    append(
        actor.ref,
        _stream(month),
        "hotline.report_made",
        {"month": str(month), "cases": data["whole"]["cases"]},
    )
    return found


def covers_all(actor: Actor) -> bool:
    """Whether the actor sees the figures of the whole district."""
    reach = scope(actor, "figures.view")
    return reach.everything or reach.covers(county())


def kept(actor: Actor, month: date) -> Report | None:
    """The report of a month as it was made; for those who see the whole district."""
    return Report.objects.filter(pk=month).first() if covers_all(actor) else None


def report_of(actor: Actor, month: date, language: str) -> dict[str, Any]:
    """What the report of a month says: as it was made, or as it stands now within what the actor sees.

    Kept reports speak Chinese. Raises Denied, NotFound.
    """
    found = kept(actor, month)
    if found is not None and language == "zh":
        return dict(found.data)
    data = monthly.told(actor, month, language)
    if data is None:
        raise NotFound(NO_FORMULA)
    return data


def made(actor: Actor) -> list[Report]:
    """The reports there are, the newest first; for those who see the whole district."""
    if not covers_all(actor):
        return []
    return list(Report.objects.defer("data").order_by("-month")[:36])


def _stream(month: date) -> UUID:
    return uuid5(SPACE, f"report:{month}")
