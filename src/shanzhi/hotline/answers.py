"""Approved answers (知识库) to questions that need no case, and finding the one that was asked for. Pure.

Nothing is put together or made up: an answer is given as it was approved, with the document it stands in.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log, sqrt

from pydantic import Field, model_validator

from shanzhi.hotline.setting import Model, Name
from shanzhi.language.similar import grams

HEAD = 1_000  # characters of what was asked that are read
LEAST = 0.3  # of likeness, below which no answer is offered
MOST = 3


class Source(Model):
    """Where an answer stands: the document that people can read for themselves."""

    document: str = Field(min_length=2, max_length=200)
    article: str = Field("", max_length=100)
    office: str = Field("", max_length=100)

    def said(self) -> str:
        return " ".join(filter(None, (self.document, self.article)))


class Valid(Model):
    since: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Valid":
        if self.to is not None and self.to <= self.since:
            raise ValueError("an answer ends after it begins")
        return self


class Answer(Model):
    """One approved answer: the questions it is given to, in several wordings."""

    id: Name
    questions: tuple[str, ...] = Field(min_length=1, max_length=20)
    answer: str = Field(min_length=5, max_length=2_000)
    source: Source
    valid: Valid
    category: str = ""
    sample: bool = False

    @model_validator(mode="after")
    def _asked(self) -> "Answer":
        if any(not grams(one) for one in self.questions):
            raise ValueError("a question has at least two characters")
        return self

    def holds(self, day: date) -> bool:
        return self.valid.since <= day and (self.valid.to is None or day < self.valid.to)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, the wording that was nearest to what was asked, and how near (0 to 1)."""

    answer: Answer
    question: str
    score: float


@dataclass(frozen=True)
class Index:
    """The wordings of all answers as weighed grams, with the list of who has which (TF-IDF, one entry a gram)."""

    wordings: tuple[tuple[Answer, str], ...]
    weights: Mapping[str, float]
    lengths: tuple[float, ...]
    having: Mapping[str, list[int]] = field(repr=False)

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> "Index":
        wordings = tuple((one, question) for one in answers for question in one.questions)
        read = [grams(question) for _, question in wordings]
        weights = _rarity(read)
        having: dict[str, list[int]] = {}
        for number, each in enumerate(read):
            for gram in each:
                having.setdefault(gram, []).append(number)
        return cls(wordings, weights, tuple(_length(each, weights) for each in read), having)

    def ask(self, text: str, day: date, *, least: float = LEAST, most: int = MOST) -> list[Found]:
        """The answers in force on a day that are nearest to what was asked, the nearest first."""
        asked = grams(text[:HEAD])
        both: dict[int, float] = {}
        for gram in asked:
            for number in self.having.get(gram, ()):
                both[number] = both.get(number, 0.0) + self.weights[gram] ** 2
        mine = _length(asked, self.weights)
        found: dict[str, Found] = {}
        for number, weight in both.items():
            answer, question = self.wordings[number]
            theirs = self.lengths[number]
            score = (weight / sqrt(mine * theirs) + weight / theirs) / 2
            held = found.get(answer.id)
            if score >= least and answer.holds(day) and (held is None or score > held.score):
                found[answer.id] = Found(answer, question, score)
        return sorted(found.values(), key=lambda one: (-one.score, one.answer.id))[:most]


def _rarity(wordings: Sequence[set[str]]) -> dict[str, float]:
    """How telling each gram is among the wordings: the logarithm of one over the share that has it."""
    having = Counter(gram for one in wordings for gram in one)
    return {gram: log(1 + len(wordings) / n) for gram, n in having.items()}


def _length(each: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(gram, 0.0) ** 2 for gram in each)
