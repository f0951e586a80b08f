"""Where somebody on shift is: kept in one row, overwritten, forgotten after the shift, in no journal."""

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from shanzhi.base.clock import Span, now
from shanzhi.base.errors import Conflict, FieldError, Invalid, gettext_noop
from shanzhi.base.geo import Point
from shanzhi.dispatch.inforce import limits, setting
from shanzhi.dispatch.models import Shift, Whereabouts
from shanzhi.dispatch.setting import Setting
from shanzhi.dispatch.whereabouts import Held, Spot, dated, taken
from shanzhi.orgs.actor import Actor

Taken = Literal["kept", "doubted", "inexact", "older"]


def seen(actor: Actor, point: Point, accuracy: float, at: datetime, *, generated: bool = False) -> Taken:
    """Keeps where somebody on shift is (WGS-84, metres, when his phone found it), in place of what was known.

    Says whether it is reckoned with: `inexact` and `older` ones are not, a `doubted` one (he cannot have come there)
    only when the next one agrees. Raises Conflict outside a shift, when nobody's place is kept.
    """
    found, when = setting(), now()
    shift = _shift_of(actor, when) if found is not None else None
    if found is None or shift is None:
        raise Conflict(gettext_noop("You are not on shift: your place is not kept"), code="off_shift")
    if not (abs(point.lon) <= 180 and abs(point.lat) <= 90 and 0 <= accuracy < 1e7):
        raise Invalid(errors=[FieldError("point", gettext_noop("This is no place on Earth"))])
    with transaction.atomic():
        row = Whereabouts.objects.select_for_update().filter(pk=shift.account).first()
        last = held(row) if row else None
        new = Spot(point, max(accuracy, 1.0), dated(at, when))
        after = taken(last, new, limits(found), when)
        if after is not None:
            _keep(shift, after, found, generated)
    if after is None or after == last:
        return "inexact" if new.accuracy > found.places.exact else "older"
    return "kept" if after.spot == new else "doubted"


def _shift_of(actor: Actor, at: datetime) -> Shift | None:
    if actor.account is None:
        return None
    return Shift.objects.filter(account=actor.account, start__lte=at, end__gt=at).first()


def held(row: Whereabouts) -> Held:
    """The row as a value."""
    doubt = row.doubt and Spot(
        Point(row.doubt["lon"], row.doubt["lat"]),
        row.doubt["accuracy"],
        datetime.fromisoformat(row.doubt["at"]),
    )
    return Held(Spot(Point(row.lon, row.lat), row.accuracy, row.at), doubt or None)


def _keep(shift: Shift, held: Held, found: Setting, generated: bool) -> None:
    spot, doubt = held.spot, held.doubt
    plain = doubt and {
        "lon": doubt.point.lon, "lat": doubt.point.lat, "accuracy": doubt.accuracy, "at": doubt.at.isoformat(),
    }  # fmt: skip
    Whereabouts.objects.update_or_create(
        account=shift.account,
        defaults={
            "lon": spot.point.lon, "lat": spot.point.lat, "accuracy": spot.accuracy, "at": spot.at, "doubt": plain,
            "until": shift.end + timedelta(seconds=Span.parse(found.places.keep).seconds), "generated": generated,
        },
    )  # fmt: skip


def forget_places(at: datetime) -> int:
    """Removes the places of those whose shift is over for longer than the pack allows to keep them."""
    return Whereabouts.objects.filter(until__lt=at).delete()[0]
