"""People and tasks of a team as the page and its map show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from shanzhi.base.errors import gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.dispatch.agreed import Window
from shanzhi.dispatch.board import Task, Worker
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.queries.routes import legs
from shanzhi.dispatch.queries.watch import Job, Person, Watch
from shanzhi.dispatch.saying import skills_said
from shanzhi.web import names

HOW = {
    "plan": gettext_noop("by the plan"),
    "hand": gettext_noop("by hand"),
    "proposed": gettext_noop("planned for"),
    "working": gettext_noop("at work"),
}
SOURCE = {
    "task": gettext_noop("at the task begun last"),
    "fresh": gettext_noop("seen %(minutes)s minutes ago"),
    "old": gettext_noop("seen %(minutes)s minutes ago: an old place"),
    "area": gettext_noop("no recent place: the middle of his area is assumed"),
    "nowhere": gettext_noop("nobody knows where: no task is planned for him"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A task on the page."""

    job: Job
    number: str
    title: str
    where: str
    urgency: str
    pressing: bool
    late: bool
    due: datetime | None
    who: str
    how: str
    version: int
    point: tuple[float, float] | None
    words: list[dict[str, Any]]
    agreed: Window | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody on the page."""

    person: Person
    mode: str
    skills: str
    where: str
    stale: bool
    tasks: list[dict[str, Any]]
    full: bool


def cards(watch: Watch, at: datetime) -> list[Card]:
    """The tasks in the order of the watch."""
    return [_card(job, watch, at) for job in watch.jobs]


def _card(job: Job, watch: Watch, at: datetime) -> Card:
    row, task = job.matter.row, job.matter.task
    due = row["due_at"]
    return Card(
        job, format_number(row["number"]), row["title"], row["address"] or names.area(row["area"]),
        names.word(names.URGENCY, row["urgency"]), row["urgency"] != "normal", bool(due and due < at), due,
        "、".join(name for _account, name in job.people), names.word(HOW, job.how), row["version"],
        (task.lon, task.lat) if task else None,
        [{"word": word, "name": watch.names.get(word.account, "")} for word in job.words],
        job.matter.window, bool(job.matter.waiting and job.matter.window and job.matter.window.end <= at),
    )  # fmt: skip


def staff(watch: Watch, at: datetime) -> list[Staff]:
    """The people: who is idle first."""
    found = setting()
    modes = found.modes if found else {}
    language = names.language()
    return [
        Staff(
            one,
            modes[one.hand.mode].title.said(language) if one.hand.mode in modes else one.hand.mode,
            skills_said(sorted(one.hand.worker.skills)) if one.hand.worker else "",
            _where(one, at),
            one.hand.source in ("old", "area", "nowhere"),
            [{"id": task.id, "title": task.row["title"], "working": not task.waiting} for task in one.tasks],
            len(one.tasks) >= one.hand.capacity,
        )
        for one in watch.people
    ]


def _where(one: Person, at: datetime) -> str:
    seen = one.hand.seen_at
    minutes = max(0, int((at - seen).total_seconds() // 60)) if seen else 0
    return names.word(SOURCE, one.hand.source) % {"minutes": minutes}


def features(watch: Watch, at: datetime) -> list[dict[str, Any]]:
    """Both as points of a map, each linking to what the list says of it, and who goes where in which order as lines."""
    return [*_routes(watch, at), *_tasks(watch, at), *_people(watch, at)]


def _routes(watch: Watch, at: datetime) -> Iterator[dict[str, Any]]:
    """From where somebody is, or is reckoned to be, through what lies with him; straight, not along streets."""
    found = setting()
    for one in watch.people if found is not None else ():
        worker = one.hand.worker
        if worker is None or found is None:
            continue
        there = [task for matter, _leg in legs(one.hand, one.tasks, found, at) if (task := matter.task)]
        if there:
            places = [[round(lon, 6), round(lat, 6)] for lon, lat in _through(worker, there)]
            facts = {"kind": "route", "account": one.hand.account, "name": one.name, "stops": len(there)}
            line = {"type": "LineString", "coordinates": places}
            yield {"type": "Feature", "geometry": line, "properties": facts}


def _through(worker: Worker, tasks: list[Task]) -> list[tuple[float, float]]:
    return [(worker.lon, worker.lat), *((task.lon, task.lat) for task in tasks)]


def _people(watch: Watch, at: datetime) -> Iterator[dict[str, Any]]:
    for one in staff(watch, at):
        worker = one.person.hand.worker
        if worker is not None:
            facts = {
                "kind": "idle" if one.person.idle else "person", "name": one.person.name, "stale": int(one.stale),
                "said": one.where, "url": f"#p{one.person.hand.account}", "account": one.person.hand.account,
            }  # fmt: skip
            yield _point(worker.lon, worker.lat, facts)


def _tasks(watch: Watch, at: datetime) -> Iterator[dict[str, Any]]:
    for card in cards(watch, at):
        if card.point is not None:
            facts = {
                "kind": card.job.how, "name": card.title, "late": int(card.late), "pressing": int(card.pressing),
                "said": card.job.why or card.who, "url": reverse("case", args=[card.job.matter.id]),
                "with": card.job.people[0][0] if card.job.people else 0,
            }  # fmt: skip
            yield _point(*card.point, facts)


def _point(lon: float, lat: float, facts: dict[str, Any]) -> dict[str, Any]:
    where = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return {"type": "Feature", "geometry": where, "properties": facts}
