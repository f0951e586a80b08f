"""What a district decides about its dispatch (dispatch.yaml of a pack): what is dispatched, how, and what counts. Pure.

Categories are named by their codes; a code stands for all that begin with it, and the longest one decides.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shanzhi.base.clock import Span
from shanzhi.dispatch.board import MOST_SKILLS
from shanzhi.dispatch.costs import Urgency, Weights
from shanzhi.dispatch.travel import DETOUR, Day, Factor

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
T = TypeVar("T")
DAY = 1440


def _clock(value: str) -> str:
    minute_of(value)
    return value


def _span(value: str) -> str:
    if Span.parse(value).working:
        raise ValueError("natural time is meant: 90m, 24h or 7d")
    return value


ClockText = Annotated[str, BeforeValidator(_clock)]
SpanText = Annotated[str, BeforeValidator(_span)]


def minute_of(text: str) -> int:
    """Minutes from midnight of `07:30`; 24:00 is the end of the day. Raises ValueError."""
    hour, colon, minute = str(text).partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and int(minute) < 60):
        raise ValueError(f"{text!r} is not a time of day such as 07:30")
    found = int(hour) * 60 + int(minute)
    if found > DAY:
        raise ValueError(f"{text!r} is later than 24:00")
    return found


class Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, ignored_types=(cached_property,)
    )


class Title(Model):
    """A title in the languages of the pages."""

    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=60)

    def said(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


class Rests(Model):
    """When the resident wishes to be visited later than the limit (约后顺延): which clocks do not count until then, by
    whose word (`who` as in case types: never the owner's), for how long in all, how often."""

    clocks: tuple[Name, ...] = Field(min_length=1)
    who: str = "reporter"
    most: SpanText = "7d"
    times: int = Field(default=2, ge=1, le=20)


class Appointment(Model):
    """Where a case of this type holds the appointment with the resident (预约): the fields of its form with the
    day and with the part of the day, what the choices of that field mean, and at most how many days ahead it is;
    whether clocks rest until then."""

    day: Name
    part: Name
    within: int = Field(default=30, ge=1, le=366)
    parts: dict[str, tuple[ClockText, ClockText]] = Field(min_length=1)
    rests: Rests | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Appointment":
        for name, (start, end) in self.parts.items():
            if minute_of(start) >= minute_of(end):
                raise ValueError(f"{name} ends before it begins")
        return self


class Kind(Model):
    """A case type that is dispatched (派遣): in which states it waits for somebody, in which somebody is at it, and
    by which moves it is given to a person and taken back. `people`: the field of its form that says how many it needs.
    """

    type: Name
    waiting: tuple[Name, ...] = Field(min_length=1)
    working: tuple[Name, ...] = ()
    move: Name = "assign"
    back: Name | None = None
    appointment: Appointment | None = None
    people: Name | None = None


class Mode(Model):
    """How somebody gets about (出行方式), in metres a second on a free road; by kinds of roads where the pack has a
    graph of them (0: not allowed there)."""

    title: Title
    speed: float = Field(gt=0, le=40)
    roads: dict[str, Annotated[float, Field(ge=0, le=40)]] = {}


class Rush(Model):
    """From–until in the day ways take `times` as long (早晚高峰)."""

    since: ClockText = Field(alias="from")
    until: ClockText
    times: float = Field(gt=0, le=10)

    @model_validator(mode="after")
    def _ordered(self) -> "Rush":
        if minute_of(self.since) >= minute_of(self.until):
            raise ValueError("the rush ends before it begins")
        return self


class Breach(Model):
    """What an urgency is worth, in minutes of travel: see `costs.Urgency`."""

    urgency: Name
    wait: float = Field(default=0.05, ge=0)
    breach: float = Field(default=40.0, ge=0)
    margin: float = Field(default=0.5, gt=0, le=1)


class Weighing(Model):
    """The other weights of `costs.Weights`, in minutes of travel."""

    horizon: float = Field(default=20.0, ge=0)
    ahead: float = Field(default=15.0, ge=0)
    keep: float = Field(default=1.25, ge=0)
    few: float = Field(default=50.0, ge=0)
    grow: float = Field(default=0.05, ge=0)
    spare: float = Field(default=0.5, ge=0)
    stranger: float = Field(default=0.5, ge=0)
    load: float = Field(default=1.0, ge=0)
    change: float = Field(default=3.0, ge=0)
    early: float = Field(default=10.0, ge=0)


class Places(Model):
    """Last known places (位置) of people: for how long one is fresh and when it is too old to reckon with, how
    exact it must be, how fast nobody is, and for how long after a shift it is kept at most."""

    fresh: SpanText = "10m"
    stale: SpanText = "2h"
    keep: SpanText = "1h"
    exact: float = Field(default=500.0, gt=0)  # metres
    fastest: float = Field(default=35.0, gt=0)  # metres a second


class WatchTime(Model):
    """A kind of shift (班型) that may be proposed: from when, how many hours."""

    since: ClockText = Field(alias="from")
    hours: int = Field(default=8, ge=1, le=24)

    @model_validator(mode="after")
    def _whole_hour(self) -> "WatchTime":
        if minute_of(self.since) % 60 or minute_of(self.since) == DAY:
            raise ValueError("shifts are proposed from a full hour on")
        return self


class Duty(Model):
    """Shifts (排班): the rest between two, the longest, on how many days of a week; and what is proposed: which kinds,
    at least how many people at every hour, hands busy for which share of the time."""

    rest: SpanText = "11h"
    longest: SpanText = "12h"
    days: int = Field(default=5, ge=1, le=7)
    least: int = Field(default=1, ge=0, le=100)
    busy: float = Field(default=0.75, gt=0, le=1)
    travel: float = Field(default=10.0, ge=0, le=240)  # minutes to each task
    watches: tuple[WatchTime, ...] = (
        WatchTime(since="00:00"),
        WatchTime(since="08:00"),
        WatchTime(since="16:00"),
    )


class Risk(Model):
    """Points to be visited on patrol (巡查点): a kind of facility, how often in a week its risk asks for that, how long
    one stays."""

    kind: Name
    weekly: int = Field(ge=1, le=28)
    minutes: float = Field(default=5.0, gt=0, le=240)


class Patrol(Model):
    """Rounds (巡查路线): which points, how one gets about on them, and the share of a shift that they may take."""

    points: tuple[Risk, ...] = Field(min_length=1)
    mode: Name
    share: float = Field(default=0.4, gt=0, le=1)


class StandBy(Model):
    """Stand-by places (待命点): within how many minutes somebody is to be wherever pressing tasks arise (all urgencies
    but the mildest), by the tasks of how many days, and for how many hours one is expected to stay there. It costs
    walks: a pack that does not name it sends nobody."""

    within: float = Field(default=20.0, gt=0, le=240)
    days: int = Field(default=28, ge=1, le=366)
    hours: float = Field(default=8.0, gt=0, le=24)


class Setting(Model):
    """Everything in dispatch.yaml."""

    mode: Literal["assign", "propose"] = "propose"
    kinds: tuple[Kind, ...] = Field(min_length=1)
    minutes: dict[Code | Literal["default"], float] = {"default": 20.0}
    skills: dict[Name, Title] = {}
    needs: dict[Code, tuple[Name, ...]] = {}
    people: dict[Code, int] = {}
    urgencies: tuple[Breach, ...] = (
        Breach(urgency="critical", wait=2.0, breach=900.0, margin=0.8),
        Breach(urgency="urgent", wait=2.0, breach=600.0, margin=0.8),
        Breach(urgency="normal"),
    )
    weights: Weighing = Weighing()
    modes: dict[Name, Mode] = Field(min_length=1)
    detour: float = Field(default=DETOUR, ge=1, le=5)
    rush: tuple[Rush, ...] = ()
    places: Places = Places()
    shifts: Duty = Duty()
    patrol: Patrol | None = None
    standby: StandBy | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Setting":
        if len({kind.type for kind in self.kinds}) < len(self.kinds):
            raise ValueError("a case type is listed twice")
        if len(self.skills) > MOST_SKILLS:
            raise ValueError(f"at most {MOST_SKILLS} skills")
        if missing := {one for names in self.needs.values() for one in names} - set(self.skills):
            raise ValueError(f"needs name skills that are not listed: {', '.join(sorted(missing))}")
        if any(not 1 <= count <= 4 for count in self.people.values()):
            raise ValueError("a task needs one to four people")
        if any(not 0 < minutes <= 1440 for minutes in self.minutes.values()):
            raise ValueError("work takes more than nothing and at most a day")
        if self.patrol is not None and self.patrol.mode not in self.modes:
            raise ValueError(f"patrols name a mode that is not listed: {self.patrol.mode}")
        return self

    @cached_property
    def by_type(self) -> dict[str, Kind]:
        return {kind.type: kind for kind in self.kinds}

    @cached_property
    def weighed(self) -> Weights:
        """The weights as the engine takes them."""
        urgencies = tuple(Urgency(one.urgency, one.wait, one.breach, one.margin) for one in self.urgencies)
        return Weights(urgencies, **self.weights.model_dump())

    @cached_property
    def day(self) -> Day:
        return Day(tuple(Factor(minute_of(one.since), minute_of(one.until), one.times) for one in self.rush))

    def expected(self, category: str) -> float:
        """Minutes of work that a category is expected to take."""
        return by_code(self.minutes, category) or self.minutes.get("default", 20.0)

    def needed(self, category: str) -> frozenset[str]:
        """The skills that a category needs."""
        return frozenset(by_code(self.needs, category) or ())

    def heads(self, category: str) -> int:
        """How many people a category needs."""
        return by_code(self.people, category) or 1


def by_code(table: Mapping[str, T], category: str) -> T | None:
    """The value of the longest code that a category begins with."""
    return next((table[category[:n]] for n in range(len(category), 0, -1) if category[:n] in table), None)
