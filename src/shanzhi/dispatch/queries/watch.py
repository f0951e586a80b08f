"""What the dispatcher watches: his teams, who is where and at what, which tasks wait and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shanzhi.base.clock import BEIJING
from shanzhi.dispatch import reading
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import Planned, Run, Shift, Word, Worked
from shanzhi.dispatch.queries.waits import Wait, waits
from shanzhi.dispatch.reading import Seen
from shanzhi.dispatch.rights import demand, those_of
from shanzhi.dispatch.saying import said
from shanzhi.dispatch.standing import Hand, Matter
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import account_names

AROUND = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on shift: where he is and from when that is known, what he is at, what lies with him."""

    hand: Hand
    name: str
    at_task: Matter | None
    tasks: tuple[Matter, ...]
    done: int = 0  # tasks that he has finished today
    wait: Wait | None = None  # where he is asked to stand by

    @property
    def idle(self) -> bool:
        return not self.tasks


@dataclass(frozen=True, slots=True)
class Job:
    """A task: with whom it is, or whom the plan has in mind; how it came to him; why; what was said of it."""

    matter: Matter
    people: tuple[tuple[int, str], ...]
    how: str  # plan, hand, proposed, left, working
    why: str
    arrival: datetime | None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """One team at a moment."""

    org: str
    run: Run | None
    people: tuple[Person, ...]
    jobs: tuple[Job, ...]
    names: Mapping[int, str] = field(default_factory=dict)
    strangers: tuple[
        str, ...
    ] = ()  # on a shift of the team, for which they do not work: nothing is planned for them

    @property
    def waiting(self) -> list[Job]:
        return [job for job in self.jobs if job.how in ("left", "proposed")]

    @property
    def given(self) -> list[Job]:
        return [job for job in self.jobs if job.how in ("plan", "hand")]

    @property
    def under_way(self) -> list[Job]:
        return [job for job in self.jobs if job.how == "working"]

    @property
    def idle(self) -> int:
        return sum(person.idle for person in self.people)


def teams(actor: Actor, at: datetime) -> list[str]:
    """The organisations with shifts around now for which the actor plans."""
    near = Shift.objects.filter(end__gt=at - AROUND, start__lt=at + AROUND)
    return those_of(actor, sorted(set(near.values_list("org", flat=True).distinct())))


def watch(actor: Actor, org: str, at: datetime) -> Watch:
    """A team as it stands, tasks that wait first, the most pressing above. Raises Denied."""
    demand(actor, org)
    found, run = setting(), Run.objects.filter(pk=org).first()
    if found is None:
        return Watch(org, run, (), ())
    seen = reading.seen(org, at, found)
    planned = _planned(org)
    words = list(Word.objects.filter(org=org, lifted_at=None, until__gt=at).order_by("at"))
    names = account_names(_named(seen, planned, words))
    ranks = {one.urgency: n for n, one in enumerate(found.urgencies)}
    jobs = [_job(one, seen, planned.get(one.id, []), words, names) for one in seen.matters]
    jobs.sort(key=lambda job: _rank(job, ranks))
    strangers = tuple(sorted(names.get(one, "") for one in seen.strangers))
    return Watch(org, run, tuple(_people(seen, names, at)), tuple(jobs), names, strangers)


def _planned(org: str) -> dict[UUID, list[Planned]]:
    found: dict[UUID, list[Planned]] = {}
    for row in Planned.objects.filter(org=org).order_by("place"):
        found.setdefault(row.case, []).append(row)
    return found


def _named(seen: Seen, planned: Mapping[UUID, Sequence[Planned]], words: Sequence[Word]) -> set[int]:
    accounts = {hand.account for hand in seen.hands} | {word.account for word in words} | seen.strangers
    accounts |= {one.person for one in seen.matters if one.person is not None}
    return accounts | {row.account for rows in planned.values() for row in rows if row.account is not None}


def _job(
    one: Matter, seen: Seen, rows: Sequence[Planned], words: Sequence[Word], names: Mapping[int, str]
) -> Job:
    first = rows[0] if rows else None
    accounts = [row.account for row in rows if row.account is not None]
    if one.person is not None and one.person not in accounts:
        accounts = [one.person]
    how = "proposed" if accounts else "left"
    if not one.waiting:
        how = "working"
    elif one.person is not None:
        how = "plan" if one.person in seen.given.get(one.id, ()) else "hand"
    mine = tuple(word for word in words if word.case == one.id)
    why = said(first.why) if first is not None and how != "working" else ""
    arrival = first.arrival if first is not None and first.account in accounts else None
    return Job(one, tuple((a, names.get(a, "")) for a in accounts), how, why, arrival, mine)


def _rank(job: Job, ranks: Mapping[str, int]) -> tuple[Any, ...]:
    row = job.matter.row
    order = {"left": 0, "proposed": 1, "plan": 2, "hand": 2, "working": 3}
    due = row["due_at"]
    return order[job.how], ranks.get(row["urgency"], len(ranks)), due is None, due or row["opened_at"]


def _people(seen: Seen, names: Mapping[int, str], at: datetime) -> list[Person]:
    here = [hand.account for hand in seen.hands]
    today = Worked.objects.filter(account__in=here, day=at.astimezone(BEIJING).date())
    done = dict(today.values_list("account", "tasks"))
    by_id = {one.id: one for one in seen.matters}
    asked = waits(here)
    found = []
    for hand in seen.hands:
        mine = [one for one in seen.matters if hand.account in (one.person, *seen.given.get(one.id, ()))]
        at_task = by_id.get(hand.at_task) if hand.at_task else None
        name, count = names.get(hand.account, ""), done.get(hand.account, 0)
        found.append(Person(hand, name, at_task, tuple(mine), count, asked.get(hand.account)))
    return sorted(found, key=lambda person: (not person.idle, person.name))
