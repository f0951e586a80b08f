"""What helping organisations owe a case (协办、会诊、报到): asked for, answered, each with a clock of its own.

A type may say how soon a kind of task is due, what follows it (报到 muster, then 处置 act), and that the owner
rates it. The clock of a task lies among the clocks of its case as `task-t1` and stops with the answer.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shanzhi.base.clock import Span
from shanzhi.base.value import replace
from shanzhi.cases import clocks
from shanzhi.cases.casetype import CaseType, TaskKind
from shanzhi.cases.clocks import Clock
from shanzhi.cases.moment import Moment
from shanzhi.cases.state import State, Task

PREFIX = "task-"
Made = tuple[dict[str, Task], dict[str, Clock]]


def called(
    type_: CaseType, state: State, kind: str, orgs: Iterable[str], moment: Moment, *, asked: str = ""
) -> Made:
    """A task for each organisation, and the clocks of those that have one."""
    spec = type_.tasks.get(kind)
    tasks, running = {}, {}
    for number, org in enumerate(dict.fromkeys(orgs), len(state.tasks) + 1):
        task = Task(f"t{number}", org, kind, "open", moment.at, asked)
        tasks[task.name] = task
        if spec is not None and spec.within is not None:
            clock = _clock(spec, state, task.name, moment)
            running[clock.name] = clock
    return tasks, running


def _clock(spec: TaskKind, state: State, task: str, moment: Moment) -> Clock:
    limit = state["limits"].get(spec.rule_output) if spec.rule_output else None
    span = Span.parse(limit or spec.within or "")
    return clocks.started(
        PREFIX + task,
        "task",
        span,
        moment.at,
        moment.calendar,
        warn_at=spec.warn_at,
        on_breach=spec.on_breach,
    )


def answered(
    type_: CaseType, state: State, task: Task, *, result: str, person: int | None, moment: Moment
) -> Made:
    """A task with its result, its clock stopped, and the task that follows it by the type."""
    done = replace(task, status="done", result=result, person=person, done_at=moment.at)
    tasks, changed = {task.name: done}, {}
    clock = state.clocks.get(PREFIX + task.name)
    if clock is not None:
        changed[clock.name] = clocks.stopped(clock, moment.at, moment.calendar)
    spec = type_.tasks.get(task.kind)
    if spec is not None and spec.then is not None:
        following, running = called(type_, state, spec.then, [task.org], moment, asked=task.asked)
        tasks |= following
        changed |= running
    return tasks, changed


def unrated(type_: CaseType, state: State) -> list[str]:
    """The tasks that are done, are to be rated and are not rated yet."""
    rated = {rating.name for rating in state.ratings.values()}
    return [
        task.name
        for task in state.tasks.values()
        if task.status == "done" and _is_rated(type_, task) and rating_name(task.name) not in rated
    ]


def _is_rated(type_: CaseType, task: Task) -> bool:
    spec = type_.tasks.get(task.kind)
    return spec is not None and spec.rated


def rating_name(task: str) -> str:
    return f"task:{task}"


def of_clock(tasks: Mapping[str, Task], clock: str) -> Task | None:
    """The task whose clock this is; none for a clock of the case itself."""
    return tasks.get(clock.removeprefix(PREFIX)) if clock.startswith(PREFIX) else None


def late(state: State, task: Task, at: datetime) -> bool:
    """Whether its clock was or is breached."""
    clock = state.clocks.get(PREFIX + task.name)
    if clock is None:
        return False
    return clock.breached_at is not None or (clock.due is not None and clock.due < at)
