"""One run for the people of an organisation: read, plan, give, keep; one at a time, in bounded time.

Cases are given by the engine's ordinary move, one transaction each, with the version that was seen: what somebody
has changed meanwhile is passed over and looked at again in the next minute. A run that finds nothing leaves the last
plan and says since when.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from shanzhi.base.errors import Problem
from shanzhi.cases import actions as cases
from shanzhi.cases.workflow import Inputs
from shanzhi.dispatch import planning, reading
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


@dataclass
class Done:
    """What became of a run: whom each case was given to, and what had changed meanwhile."""

    given: set[UUID] = field(default_factory=set)
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
        if first.account == rows[case]["person"]:
            done.given |= {case} if case in seen.given else set()
            continue
        kind = found.by_type[rows[case]["type"]]
        together = [one.account for one in going if one is not first]
        ok = _moved(rows[case], kind.move, Inputs(person=first.account), first.why, at, together)
        (done.given if ok else done.skipped).add(case)
    for case in outcome.over:
        back = found.by_type[rows[case]["type"]].back
        if back is None or time.monotonic() > end:
            continue
        if not _moved(rows[case], back, Inputs(), (Phrase(ASIDE["off_shift"]),), at):
            done.skipped.add(case)
    return done


def _first(going: Sequence[Going], person: int | None) -> Going:
    """Who of those who go has it in his hands: who has it already, else the nearest."""
    return next((one for one in going if one.account == person), min(going, key=lambda one: one.arrival))


def _moved(
    row: Any, move: str, inputs: Inputs, why: Sequence[Phrase], at: datetime, together: Sequence[int] = ()
) -> bool:
    """Gives one case and says who else goes there; False where it has moved on, is held, or the rules say no."""
    facts: dict[str, Any] = {"why": plain(why)}
    if together:
        facts["together"] = list(together)
    try:
        with transaction.atomic():
            cases.move(PLATFORM, row["id"], move, inputs=inputs, seen=row["version"], at=at, facts=facts)
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
            yield _stays(seen, case, None, Phrase(ASIDE["moved"]))
            continue
        if case in seen.given and case not in done.given:
            yield _stays(seen, case, seen.given[case][0], Phrase(ASIDE["kept"]))
            continue
        first = _first(going, persons[case])
        for place, one in enumerate(sorted(going, key=lambda one: one is not first)):
            yield Planned(
                case=case, place=place, org=seen.org, account=one.account, assigned=case in done.given,
                arrival=seen.moment(one.arrival), travel=one.travel, why=plain(one.why), at=seen.at,
            )  # fmt: skip
    for case in outcome.left.keys() - outcome.going.keys():
        accounts = seen.given.get(case, ())
        still = accounts[0] if accounts and case not in outcome.over else None
        yield _stays(seen, case, still, outcome.left[case])


def _stays(seen: Seen, case: UUID, account: int | None, why: Phrase) -> Planned:
    return Planned(
        case=case, org=seen.org, account=account, assigned=account is not None, why=plain([why]), at=seen.at
    )
