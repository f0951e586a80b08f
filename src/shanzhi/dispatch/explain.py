"""Why this worker and not another, and why nobody: sentences that a door translates and fills in. Pure.

"8 minutes away, carries pump, 3 open tasks; next best 14 minutes" is made of phrases; each names only what was
reckoned in the run that decided, so that the words and the decision cannot differ.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from shanzhi.base.errors import gettext_noop
from shanzhi.dispatch.board import Task, Worker
from shanzhi.dispatch.matching import Plan, Reason, Word


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English sentence marked for translation, and the facts that fill it in."""

    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str]) -> str:
        facts = {k: "、".join(v) if isinstance(v, list | tuple) else v for k, v in self.facts.items()}
        return translate(self.message) % facts


LONG = 120.0  # minutes after which one speaks of hours
LEFT: Mapping[Reason, str] = {
    "nobody": gettext_noop("Nobody is on shift whose place is known"),
    "skill": gettext_noop("Nobody on shift has the skill it needs"),
    "forbidden": gettext_noop("The dispatcher has ruled out everybody who could do it"),
    "way": gettext_noop("No road leads there for anybody who could do it"),
    "shift": gettext_noop("Nobody who could do it would be done before the end of the shift"),
    "appointment": gettext_noop("Its appointment is not yet to be set out for, or cannot be kept any more"),
    "busy": gettext_noop("Everybody who could do it is busy for longer"),
    "later": gettext_noop(
        "Others press more, or somebody will come nearer: it is looked at again in a minute"
    ),
    "partner": gettext_noop("It needs more people than can come now"),
    "pinned": gettext_noop("It waits for the person the dispatcher has chosen"),
    "solver": gettext_noop("No plan was found; please assign by hand"),
}
ASIDE = {
    "off_shift": gettext_noop("The person it was given to is not on shift"),
    "no_place": gettext_noop("Nobody knows where it is: it has neither a point nor an area"),
    "moved": gettext_noop("It changed while the plan was made: it is looked at again in a minute"),
    "kept": gettext_noop("It stays with this person until somebody else is free who comes sooner"),
}


def chosen(
    found: Plan,
    pair: tuple[int, int],
    workers: Sequence[Worker],
    tasks: Sequence[Task],
    word: Word = Word(),
    *,
    lies_with_him: bool = False,
) -> list[Phrase]:
    """What speaks for a pair of the plan, the most telling first, and who would have been next.

    A task that lies with him already is not counted among his open ones.
    """
    row, column = pair
    worker, task = workers[row], tasks[column]
    said = [Phrase(gettext_noop("%(minutes)s minutes away"), {"minutes": _minutes(found.costs.travel[pair])})]
    if pair in word.pins:
        said.insert(0, Phrase(gettext_noop("chosen by the dispatcher")))
    if task.skills:
        said.append(Phrase(gettext_noop("has %(skills)s"), {"skills": sorted(task.skills)}))
    if task.area and task.area == worker.area:
        said.append(Phrase(gettext_noop("knows the area")))
    said.append(Phrase(gettext_noop("%(count)s open tasks"), {"count": worker.open - lies_with_him}))
    late = float(found.costs.arrival[pair] - task.due)
    if late > LONG:
        said.append(Phrase(gettext_noop("%(hours)s hours after the limit"), {"hours": round(late / 60)}))
    elif late > 0:
        said.append(Phrase(gettext_noop("%(minutes)s minutes after the limit"), {"minutes": _minutes(late)}))
    return [*said, _next(found, row, column)]


def _next(found: Plan, row: int, column: int) -> Phrase:
    """The cheapest of the others who may do it."""
    others = np.flatnonzero(found.costs.allowed[:, column])
    others = others[others != row]
    if not len(others):
        return Phrase(gettext_noop("nobody else can do it now"))
    best = int(others[found.costs.pair[others, column].argmin()])
    way = _minutes(found.costs.travel[best, column])
    if int(found.task_of[best]) in (-1, column):
        return Phrase(gettext_noop("next best %(minutes)s minutes"), {"minutes": way})
    return Phrase(gettext_noop("next best %(minutes)s minutes, needed elsewhere"), {"minutes": way})


def left(reason: Reason) -> Phrase:
    """Why a task is with nobody for now."""
    return Phrase(LEFT[reason])


def sentence(
    phrases: Sequence[Phrase], translate: Callable[[str], str], comma: str = ", ", last: str = "; "
) -> str:
    """All in one line; the last phrase, who would have been next, stands apart."""
    said = [phrase.said(translate) for phrase in phrases]
    return last.join([comma.join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)


def _minutes(value: float) -> int:
    return max(1, round(float(value)))
