"""How good is a reply before it is sent: does it answer, is it complete, does it cite its basis, is it readable? Pure.

Each question gets 0 to 2 points from a few counts that one can name (`replysigns.py`), by weights fitted on the
tuning part of replies marked by hand (`bench/reply.py` says how, and what became of it on the other part). Each
point lost or won has its reason in words. Length is no merit of its own: it counts for completeness up to 400
characters, and against reading from 300 on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import exp
from typing import Any

from shanzhi.base.errors import gettext_noop
from shanzhi.language.replysigns import LONG, Signs, signs

MOST = 2.0
BASE = "base"  # what a reply has before anything is counted
SPLIT_AT = 110  # characters of a sentence from which on one advises to split it
WEIGHTS: dict[str, dict[str, float]] = {
    "answers": {
        "base": -1.086,
        "empty": -1.601,
        "outcomes": 0.407,
        "outcome_share": 0.545,
        "taken_up": 2.868,
        "only_refers": -2.125,
        "only_studies": 0.237,
        "not_ours": -0.853,
        "lacking": -0.769,
        "forwarded": -0.423,
        "told": 2.334,
        "data": 0.884,
    },
    "complete": {
        "base": -2.015,
        "empty": -1.278,
        "told": 2.165,
        "dates": 0.795,
        "taken_up": 3.14,
        "outcomes": 0.531,
        "lacking": -0.797,
        "only_refers": -2.034,
        "only_studies": -0.843,
        "numbered": 0.443,
    },
    "basis": {
        "base": -2.27,
        "named": 1.535,
        "numbered": 0.912,
        "loose": 0.776,
        "outcomes": 0.333,
        "data": 0.58,
    },
    "readable": {
        "base": 2.231,
        "long_sentence": -1.97,
        "too_long": -0.06,
        "structured": 0.594,
        "substance": -2.045,
        "two_letters": -0.287,
    },
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why points were given or not: a sentence (for translation) with facts to fill in."""

    text: str
    facts: Mapping[str, Any]
    good: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The points of one question, 0 to 2, and why."""

    name: str
    points: float
    reasons: tuple[Reason, ...]

    @property
    def level(self) -> str:
        return "good" if self.points >= 1.5 else "fair" if self.points >= 0.9 else "weak"


@dataclass(frozen=True, slots=True)
class Score:
    """The marks of a reply; `total` is their mean out of 100, `in_time` whether it keeps the time limit."""

    marks: tuple[Mark, ...]
    in_time: bool | None = None

    @property
    def total(self) -> int:
        return round(sum(mark.points for mark in self.marks) / len(self.marks) / MOST * 100)

    def points(self) -> dict[str, float]:
        return {mark.name: round(mark.points, 2) for mark in self.marks}


def scored(
    title: str, question: str, reply: str, *, due: datetime | None = None, at: datetime | None = None
) -> Score:
    """The score of a reply to a question; with a time limit, whether it is kept at `at`."""
    found = signs(title, question, reply)
    marks = tuple(
        Mark(name, points(weights, found.counts), tuple(_REASONS[name](found)))
        for name, weights in WEIGHTS.items()
    )
    return Score(marks, None if due is None or at is None else at <= due)


def points(weights: Mapping[str, float], counts: Mapping[str, float]) -> float:
    """Between 0 and 2: a logistic curve over the weighted counts."""
    value = weights.get(BASE, 0.0) + sum(w * counts[name] for name, w in weights.items() if name != BASE)
    return MOST / (1 + exp(-value))


def _answers(found: Signs) -> Iterator[Reason]:
    has = found.counts
    if has["empty"]:
        yield Reason(
            gettext_noop("It only says that the matter was passed on.")
            if has["forwarded"]
            else gettext_noop("It says nothing about the matter."),
            {},
        )
        return
    if has["only_refers"]:
        yield Reason(gettext_noop("It only names whom to ask, and answers nothing itself."), {})
    if has["only_studies"]:
        yield Reason(gettext_noop("It promises to look into it, and says nothing of what will happen."), {})
    if has["not_ours"]:
        yield Reason(
            gettext_noop("It says that others are responsible. Better hand the case on to them."), {}
        )
    if has["taken_up"] < 0.15 and found.missing:
        yield Reason(
            gettext_noop("It hardly takes up what was asked: %(words)s."), {"words": "、".join(found.missing)}
        )
    if has["outcomes"]:
        yield Reason(gettext_noop("It says what was found, decided or can be done."), {}, good=True)
    else:
        yield Reason(gettext_noop("It does not say what was found, decided or can be done."), {})


def _complete(found: Signs) -> Iterator[Reason]:
    has = found.counts
    if has["empty"]:
        yield Reason(gettext_noop("Nothing of what was asked is answered."), {})
        return
    if has["dates"]:
        yield Reason(gettext_noop("It names a date or a time."), {}, good=True)
    else:
        yield Reason(gettext_noop("It names no date and no time."), {})
    if has["lacking"]:
        yield Reason(gettext_noop("It says that something is not known. Ask the caller before replying."), {})
    if has["substance"] < 0.15:
        yield Reason(gettext_noop("It is very short: %(n)s characters."), {"n": found.length})
    if 0.15 <= has["taken_up"] < 0.4 and found.missing:
        yield Reason(gettext_noop("Not taken up: %(words)s."), {"words": "、".join(found.missing)})


def _basis(found: Signs) -> Iterator[Reason]:
    if found.basis:
        yield Reason(gettext_noop("It cites %(basis)s."), {"basis": "、".join(found.basis[:2])}, good=True)
    elif found.counts["loose"]:
        yield Reason(gettext_noop("It speaks of rules or plans, but names no law, document or article."), {})
    else:
        yield Reason(gettext_noop("It names no law, document or article."), {})


def _readable(found: Signs) -> Iterator[Reason]:
    has = found.counts
    if has["two_letters"]:
        yield Reason(gettext_noop("Two letters in one: a note about passing on, or the same twice."), {})
    if found.longest > SPLIT_AT:
        yield Reason(
            gettext_noop("The longest sentence has %(n)s characters: split it."), {"n": found.longest}
        )
    if has["structured"]:
        yield Reason(gettext_noop("Its points are numbered."), {}, good=True)
    elif found.length > LONG:
        yield Reason(gettext_noop("%(n)s characters without numbered points."), {"n": found.length})


_REASONS = {"answers": _answers, "complete": _complete, "basis": _basis, "readable": _readable}
