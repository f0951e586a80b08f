"""What a pack says about rounds and visits: checklists, points with their checklist, kinds of visits, the alarm."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shanzhi.base.clock import Span
from shanzhi.rules.facts import Title

Key = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,39}$")]


def _span(value: str) -> str:
    Span.parse(value)
    return value


def _natural(value: str) -> str:
    if Span.parse(value).working:
        raise ValueError(f"{value!r}: rounds and visits come round in natural time, such as 7d")
    return value


SpanText = Annotated[str, BeforeValidator(_span)]
Every = Annotated[str, BeforeValidator(_natural)]


class Model(BaseModel):
    """What all parts have in common: no unknown keys, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Alarm(Model):
    """The urgent button (一键求助): whom a telephone offers to call, and how soon the centre must take it up."""

    phone: str = Field("", pattern=r"^[0-9+ -]{0,20}$")
    respond: SpanText = "10m"


class Item(Model):
    """A line of a checklist (检查项), and the category of the case that is opened when it is not in order."""

    title: Title
    category: str = Field("", max_length=20)


class Checklist(Model):
    """What is looked at at a point (检查表), on what ground."""

    title: Title
    basis: str = Field(min_length=1)
    items: dict[Key, Item] = Field(min_length=1)


class Stop(Model):
    """A point of a round (巡查点位): where it is, what is looked at there, and how often it is to be passed."""

    name: str = Field(min_length=1, max_length=100)
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    checklist: Key
    every: Every = "1d"
    generated: bool = False


class Question(Model):
    """What is asked on a visit: a fact of the registry (its answer is kept in the one record), or only a remark."""

    fact: str = Field("", max_length=60)
    title: Title | None = None
    type: Literal["bool", "text"] = "text"

    @model_validator(mode="after")
    def _said(self) -> Self:
        if not self.fact and self.title is None:
            raise ValueError("a question is a fact of the registry or has a title of its own")
        return self


class VisitKind(Model):
    """A kind of visit (走访): to whom, what for and by which ground, how often, and what is asked."""

    title: Title
    purpose: str = Field(min_length=1, max_length=200)
    basis: str = Field(min_length=1, max_length=200)
    every: Every = "30d"
    questions: dict[Key, Question] = Field(min_length=1)


class Setting(Model):
    """The whole of `patrol.yaml`."""

    alarm: Alarm = Alarm()
    locked_after_days: int = Field(3, ge=1, le=30)
    checklists: dict[Key, Checklist] = {}
    points: dict[Key, Stop] = {}
    visits: dict[Key, VisitKind] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        for key, point in self.points.items():
            if point.checklist not in self.checklists:
                raise ValueError(f"points.{key}: there is no checklist {point.checklist}")
        return self
