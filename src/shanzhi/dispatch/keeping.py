"""What a run says of the times agreed with residents. Pure.

Nobody sets out so early that he would wait long at the door, and whoever is sent is there within the time agreed: the
engine holds that as it holds skills. What is said here names the time itself.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from shanzhi.base.errors import gettext_noop
from shanzhi.dispatch.agreed import Window
from shanzhi.dispatch.explain import ASIDE, LEFT, Phrase
from shanzhi.dispatch.planning import Going, Outcome

SOON = timedelta(minutes=60)  # what is agreed for later than this lies with nobody by the plan
WAITS = gettext_noop("Agreed for %(day)s, %(since)s–%(until)s: nobody has to set out yet")
UNMANNED = gettext_noop("Agreed for %(day)s, %(since)s–%(until)s, when nobody is on shift so far")
LATER = (WAITS, UNMANNED)
KEPT = gettext_noop("within the time agreed, %(since)s–%(until)s")
CANNOT = gettext_noop("Nobody who could do it can be there by %(until)s, as was agreed")
MISSED = gettext_noop(
    "The time agreed (%(day)s, %(since)s–%(until)s) is over and nobody came: agree on another"
)


class Agreed(Protocol):
    """What `standing.Matter` holds of it."""

    @property
    def id(self) -> UUID: ...
    @property
    def waiting(self) -> bool: ...
    @property
    def window(self) -> Window | None: ...


def told(
    outcome: Outcome, matters: Iterable[Agreed], at: datetime, unmanned: Collection[UUID] = ()
) -> Outcome:
    """The same plan with the times agreed in its words; what lies with somebody far too early goes back."""
    known = {one.id: one.window for one in matters if one.waiting and one.window is not None}
    if not known or outcome.failed:
        return outcome
    left = {
        case: _left(known[case], why, at, case in unmanned) if case in known else why
        for case, why in outcome.left.items()
    }
    going = {
        case: tuple(_kept(one, known[case]) for one in ones) if case in known else ones
        for case, ones in outcome.going.items()
    }
    early = {case for case, one in known.items() if case in left and one.start > at + SOON}
    return replace(outcome, left=left, going=going, over=outcome.over | early)


def _left(found: Window, why: Phrase, at: datetime, unmanned: bool) -> Phrase:
    if why.message == ASIDE["no_place"]:
        return why
    if found.end <= at:
        return Phrase(MISSED, found.facts)
    if found.start > at:
        return Phrase(UNMANNED if unmanned else WAITS, found.facts)
    return Phrase(CANNOT, found.facts) if why.message == LEFT["appointment"] else why


def _kept(one: Going, found: Window) -> Going:
    """The time agreed stands before the last phrase, who would have been next."""
    return replace(one, why=(*one.why[:-1], Phrase(KEPT, found.facts), *one.why[-1:]))


def over(matters: Iterable[Agreed], at: datetime) -> Iterator[tuple[UUID, Window]]:
    """What nobody came to in the time agreed."""
    for one in matters:
        if one.waiting and one.window is not None and one.window.end <= at:
            yield one.id, one.window
