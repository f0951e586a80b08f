"""What a pack says about rounds and visits: checklists, points with their checklist, kinds of visits, the alarm."""

from typing import Annotated, Any, Literal, Self, get_origin

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
    if not Span.parse(value).seconds:
        raise ValueError(f"{value!r}: rounds and visits come round after some time")
    return value


SpanText = Annotated[str, BeforeValidator(_span)]
Every = Annotated[str, BeforeValidator(_natural)]


class Model(BaseModel):
    """What all parts have in common: no unknown keys, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Ordered(Model):
    """Whose parts stay in the order of the file, which JSON in the database does not keep: `order` says it by part."""

    order: dict[str, tuple[str, ...]] = {}

    @model_validator(mode="before")
    @classmethod
    def _in_order(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        told, found = given.get("order"), dict(given)
        parts = {name: part for name, part in given.items() if isinstance(part, dict) and name != "order"}
        kept = told if isinstance(told, dict) else {}
        for name, part in parts.items():
            keys = [key for key in kept.get(name) or () if key in part]
            found[name] = {key: part[key] for key in dict.fromkeys([*keys, *part])}
        known = {name for name, field in cls.model_fields.items() if get_origin(field.annotation) is dict}
        found["order"] = {name: list(found[name]) for name, part in parts.items() if name in known and part}
        return found


class Alarm(Model):
    """The urgent button (一键求助): whom a telephone offers to call, and how soon the centre must take it up."""

    phone: str = Field("", pattern=r"^[0-9+ -]{0,20}$")
    respond: SpanText = "10m"


class Item(Model):
    """A line of a checklist (检查项), and the category of the case that is opened when it is not in order."""

    title: Title
    category: str = Field("", max_length=20)


class Checklist(Ordered):
    """What is looked at at a point (检查表), on what ground."""

    title: Title
    basis: str = Field(min_length=1)
    items: dict[Key, Item] = Field(min_length=1)


class Stop(Model):
    """A point of a round (巡查点位): where it is, what is looked at there, and how often it is to be passed."""

    name: str = Field(min_length=1, max_length=100)
    lon: float = Field(ge=73, le=136)
    lat: float = Field(ge=3, le=54)
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


class End(Model):
    """What ends regular visits to somebody (移出名册): a fact with this value, or (`elsewhere`) an area that is not
    where he is visited; from a source that is trusted at least so far. Only registers (4) unless the pack says
    otherwise: at a counter "has died" is said by those who come for a relative."""

    title: Title
    fact: str = Field(min_length=1, max_length=60)
    value: bool | int | str | None = None
    elsewhere: bool = False
    trust: int = Field(4, ge=1, le=4)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.elsewhere == (self.value is not None):
            raise ValueError("visits end by a value of a fact, or by an area elsewhere: one of the two")
        return self


class VisitKind(Ordered):
    """A kind of visit (走访): to whom, what for and by which ground, how often, what is asked, and what ends it."""

    title: Title
    purpose: str = Field(min_length=1, max_length=200)
    basis: str = Field(min_length=1, max_length=200)
    every: Every = "30d"
    questions: dict[Key, Question] = Field(min_length=1)
    ends: dict[Key, End] = {}


class Setting(Ordered):
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
