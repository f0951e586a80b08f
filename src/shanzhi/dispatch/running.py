"""One run for the people of an organisation: read, plan, give, keep; one at a time, in bounded time.

Cases are given by the engine's ordinary move, one transaction each, with the version that was seen: what somebody
has changed meanwhile is passed over and looked at again in the next minute. A run that finds nothing leaves the last
plan and says since when.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from shanzhi.base.errors import Problem, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases.workflow import Inputs
from shanzhi.dispatch import asking, keeping, planning, reading
from shanzhi.dispatch.explain import ASIDE, Phrase
from shanzhi.dispatch.inforce import roads, setting
from shanzhi.dispatch.matching import Solver
from shanzhi.dispatch.models import Planned, Run
from shanzhi.dispatch.planning import Going, Outcome
from shanzhi.dispatch.reading import Seen
from shanzhi.dispatch.saying import plain
from shanzhi.dispatch.setting import Setting
from shanzhi.dispatch.solving import solve
from shanzhi.orgs.actor import Actor

log = logging.getLogger(__name__)
PLATFORM = Actor.system("dispatch")
BUDGET = 20.0  # seconds in which cases are given; the rest comes in the next minute
ROWS = 1_000
STRANGER = gettext_noop("The person it was given to does not work there any more")


@dataclass
class Done:
    """What became of a run: which cases it has given (`beside`: only who goes with somebody chosen by hand), and what
    had changed meanwhile."""

    given: set[UUID] = field(default_factory=set)
    beside: set[UUID] = field(default_factory=set)
    skipped: set[UUID] = field(default_factory=set)


@contextmanager
def _alone(org: str) -> Iterator[bool]:
    """Whether nobody else runs for this organisation just now; the lock lasts over several transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('dispatch'), hashtext(%s))", [org])
        [got] = cursor.fetchone() or [False]
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('dispatch'), hashtext(%s))", [org])


def run(org: str, at: datetime, *, solver: Solver = solve) -> bool:
    """One run; False where another one is under way or nothing is dispatched."""
    found = setting()
    if found is None:
        return False
    with _alone(org) as alone:
        if alone:
            _run(org, at, found, solver)
    return alone


def _run(org: str, at: datetime, found: Setting, solver: Solver) -> None:
    begun = time.monotonic()
    try:
        seen = reading.seen(org, at, found)
        outcome = planning.run(seen, found, seen.minute(at), roads(found), solver=solver)
        outcome = _of_strangers(keeping.told(outcome, seen.matters, at, seen.unmanned), seen)
    except (ValueError, ArithmeticError, LookupError, MemoryError) as error:
        log.exception("the dispatch found no plan for %s", org)
        _failed(org, at, str(error) or type(error).__name__)
        return
    if outcome.failed:
        _failed(org, at, "the solver found nothing")
        return
    done = _give(seen, outcome, found, at) if found.mode == "assign" else Done()
    took = int((time.monotonic() - begun) * 1000)
    _kept(seen, outcome, done, took)
    going = {one.account for people in outcome.going.values() for one in people}
    try:
        asking.ask(seen, going, found)
    except (ValueError, ArithmeticError, LookupError, MemoryError):
        log.exception("nobody was asked to stand by for %s", org)  # the plan is given all the same


def _of_strangers(outcome: Outcome, seen: Seen) -> Outcome:
    """The same plan; what lies by hand with somebody who works there no more says that, not "off shift"."""
    theirs = {one.id: one.person for one in seen.matters if one.person in seen.strangers}
    left = {
        case: _absent(seen, theirs[case]) if case in theirs and why.message == ASIDE["off_shift"] else why
        for case, why in outcome.left.items()
    }
    return replace(outcome, left=left)


def _absent(seen: Seen, person: int | None) -> Phrase:
    """Why somebody does not have it any more, or does nothing about it."""
    return Phrase(STRANGER if person in seen.strangers else ASIDE["off_shift"])


def _failed(org: str, at: datetime, error: str) -> None:
    """The last plan stands; since when nothing new was found is said."""
    with transaction.atomic():
        row, _ = Run.objects.select_for_update().get_or_create(org=org, defaults={"at": at})
        row.at, row.error = at, error[:500]
        row.failed_at = row.failed_at or at
        row.save()


def _give(seen: Seen, outcome: Outcome, found: Setting, at: datetime) -> Done:
    """The cases of those who can set out now, each by a move of its own."""
    rows = {one.id: one.row for one in seen.matters}
    done, end = Done(), time.monotonic() + BUDGET
    for case, going in outcome.going.items():
        if not all(one.now for one in going) or time.monotonic() > end:
            continue
        first = _first(going, rows[case]["person"])
        if not _sent(seen, rows[case], found, first, going):
            done.skipped.add(case)
        else:
            (done.given if _chosen(seen, rows[case], first) else done.beside).add(case)
    _taken_back(seen, outcome, found, end, done)
    _spare(seen, outcome, done)
    return done


def _taken_back(seen: Seen, outcome: Outcome, found: Setting, end: float, done: Done) -> None:
    """What the runs gave and nobody goes to: back to the team, and those who would have gone are told."""
    rows = {one.id: one.row for one in seen.matters}
    for case in outcome.over:
        row = rows[case]
        back = found.by_type[row["type"]].back
        if back is None or row["person"] not in seen.given.get(case, ()):
            continue
        early = case in outcome.left and outcome.left[case].message in keeping.LATER
        why = outcome.left[case] if early else _absent(seen, row["person"])
        leaves = _leavers(seen, case, ())
        told = {"leaves": leaves} if leaves else {}
        if time.monotonic() < end and not _moved(row, back, Inputs(), (why,), seen.at, told):
            done.skipped.add(case)


def _spare(seen: Seen, outcome: Outcome, done: Done) -> None:
    """Tells whoever was to go with somebody who has the case no more; once, in the transaction that forgets him."""
    for case in seen.loose.keys() - done.given - done.beside:
        leaves = _leavers(seen, case, outcome.going.get(case, ()))
        if not leaves:
            continue
        try:
            with transaction.atomic():
                Planned.objects.filter(case=case, account__in=leaves).delete()
                cases.amend(PLATFORM, case, facts={"leaves": leaves}, at=seen.at)
        except (Problem, DatabaseError) as error:
            log.info("nobody was told of %s: %s", case, error)


def _leavers(seen: Seen, case: UUID, going: Sequence[Going]) -> list[int]:
    """Who is on shift, was sent there by the runs, and goes no more."""
    before = dict.fromkeys((*seen.given.get(case, ()), *seen.loose.get(case, ())))
    stay, here = {one.account for one in going}, {hand.account for hand in seen.hands}
    return [one for one in before if one in here and one not in stay]


def _chosen(seen: Seen, row: Any, first: Going) -> bool:
    """Whether it is the runs, and nobody's hand, that a case lies with this one."""
    return first.account != row["person"] or first.account in seen.given.get(row["id"], ())


def _sent(seen: Seen, row: Any, found: Setting, first: Going, going: Sequence[Going]) -> bool:
    """Gives a case to somebody and says who goes there with him; where it lies with him already, whoever is new
    beside him is told, by an entry of the case, and so is whoever goes there no more (`leaves`). False where it has
    moved on, is held, or the rules say no.
    Whoever went there before with somebody else is not told again (`joins`: who is).

    Who goes there with him is kept in the transaction that tells it: a run that dies does not tell it twice.
    """
    beside = [one for one in going if one is not first]
    stays, known = first.account == row["person"], seen.given.get(row["id"], ())
    fresh = [one for one in beside if one.account not in known]
    leaves = _leavers(seen, row["id"], going)
    if stays and not fresh and not leaves:
        return True
    told = fresh if stays else [first, *fresh]
    facts: dict[str, Any] = {"together": [one.account for one in beside]} if beside else {}
    facts |= {"joins": [one.account for one in told]} if len(told) < len(going) else {}
    facts |= {"leaves": leaves} if leaves else {}
    theirs = {one.account for one in beside} | ({first.account} if _chosen(seen, row, first) else set())

    def keep() -> None:
        Planned.objects.filter(case=row["id"]).delete()
        Planned.objects.bulk_create(list(_planned(seen, row["id"], first, going, theirs)))

    move = found.by_type[row["type"]].move
    why = fresh[0].why if stays and fresh else first.why
    also = keep if beside or leaves else None
    return _moved(row, move, Inputs(person=first.account), why, seen.at, facts, also)


def _first(going: Sequence[Going], person: int | None) -> Going:
    """Who of those who go has it in his hands: who has it already, else the nearest."""
    return next((one for one in going if one.account == person), min(going, key=lambda one: one.arrival))


def _moved(
    row: Any,
    move: str,
    inputs: Inputs,
    why: Sequence[Phrase],
    at: datetime,
    facts: Mapping[str, Any] = MappingProxyType({}),
    also: Callable[[], None] | None = None,
) -> bool:
    """Moves one case and says why; False where it has moved on, is held, or the rules say no."""
    told = {"why": plain(why), **facts}
    try:
        with transaction.atomic():
            cases.move(PLATFORM, row["id"], move, inputs=inputs, seen=row["version"], at=at, facts=told)
            if also is not None:
                also()
    except (Problem, DatabaseError) as error:
        log.info("the case %s was passed over: %s", row["number"], error)
        return False
    return True


@transaction.atomic
def _kept(seen: Seen, outcome: Outcome, done: Done, took: int) -> None:
    """The plan in place of the last one; who else goes to what is under way stays beside it."""
    under_way = [one.id for one in seen.matters if not one.waiting]
    Planned.objects.filter(org=seen.org).exclude(case__in=under_way).delete()
    Planned.objects.bulk_create(list(_rows(seen, outcome, done)), batch_size=ROWS)
    Run.objects.update_or_create(
        org=seen.org,
        defaults={
            "at": seen.at, "planned_at": seen.at, "failed_at": None, "error": "", "took_ms": took,
            "workers": len(seen.hands), "tasks": sum(one.waiting for one in seen.matters),
            "given": len(done.given), "skipped": len(done.skipped),
        },
    )  # fmt: skip


def _rows(seen: Seen, outcome: Outcome, done: Done) -> Iterator[Planned]:
    persons = {one.id: one.person for one in seen.matters}
    for case, going in outcome.going.items():
        if case in done.skipped:
            yield from _stays(seen, case, None, Phrase(ASIDE["moved"]))
            continue
        if case in seen.given and case not in done.given | done.beside:
            yield from _stays(seen, case, persons[case], Phrase(ASIDE["kept"]))
            continue
        first = _first(going, persons[case])
        theirs = {
            one.account for one in going if case in done.given or one is not first and case in done.beside
        }
        yield from _planned(seen, case, first, going, theirs)
    for case in outcome.left.keys() - outcome.going.keys():
        yield from _stays(seen, case, None if case in outcome.over else persons[case], outcome.left[case])


def _planned(
    seen: Seen, case: UUID, first: Going, going: Sequence[Going], theirs: Collection[int]
) -> Iterator[Planned]:
    """Who goes to a case, whoever has it in his hands above; `theirs` were chosen by the runs and told."""
    for place, one in enumerate(sorted(going, key=lambda one: one is not first)):
        yield Planned(
            case=case, place=place, org=seen.org, account=one.account, assigned=one.account in theirs,
            arrival=seen.moment(one.arrival), travel=one.travel, why=plain(one.why), at=seen.at,
        )  # fmt: skip


def _stays(seen: Seen, case: UUID, person: int | None, why: Phrase) -> Iterator[Planned]:
    """It stays as the last runs have given it: with the same person, and with those who go with him and are here."""
    given = seen.given.get(case, ())
    here = {hand.account for hand in seen.hands}
    beside = [one for one in given if one != person and one in here] if person is not None else []
    holds = person if person in given or beside else None
    said = plain([why])
    yield Planned(case=case, org=seen.org, account=holds, assigned=person in given, why=said, at=seen.at)
    for place, account in enumerate(beside, 1):
        yield Planned(
            case=case, place=place, org=seen.org, account=account, assigned=True, why=said, at=seen.at
        )
