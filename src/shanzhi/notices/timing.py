"""When a message goes out: not in somebody's quiet hours, and again after a failure, each time later. Pure."""

from datetime import datetime, time, timedelta

from shanzhi.base.clock import BEIJING

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
NIGHT = (time(21, 30), time(8, 0))  # for those who could not say so, unless a pack says otherwise
LEASE = timedelta(minutes=2)  # a sender that dies in the middle is followed by another after so long


def after_quiet(at: datetime, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """The first moment from `at` on that lies in no quiet hours (Beijing time; over midnight where needed)."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return at
    local = at.astimezone(BEIJING)
    clock, over_midnight = local.time(), quiet_from > quiet_until
    if over_midnight:
        quiet = clock >= quiet_from or clock < quiet_until
    else:
        quiet = quiet_from <= clock < quiet_until
    if not quiet:
        return at
    day = local.date() + timedelta(days=1 if over_midnight and clock >= quiet_from else 0)
    return datetime.combine(day, quiet_until, BEIJING).astimezone(at.tzinfo)


def again(attempts: int, at: datetime) -> datetime | None:
    """When to try once more after so many failures; None when it is dead and a person must look."""
    return at + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
