"""What a district decides about its hotline (hotline.yaml of a pack): the formula of the ranking above all. Pure."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shanzhi.base.clock import Span

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
RateName = Literal["response", "resolution", "satisfaction"]
RATES: tuple[RateName, ...] = ("response", "resolution", "satisfaction")
COUNTED = {"response": "contacted", "resolution": "solved", "satisfaction": "satisfied"}


def _span(value: str) -> str:
    Span.parse(value)
    return value


SpanText = Annotated[str, BeforeValidator(_span)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Title(Model):
    """A title in the languages of the pages."""

    zh: str = Field(min_length=1, max_length=400)
    en: str = Field(min_length=1, max_length=400)

    def said(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Rate(Model):
    """One of the three rates (三率): its weight, and from how many of five on somebody is satisfied."""

    weight: float = Field(gt=0, le=1)
    at_least: int = Field(default=4, ge=1, le=5)


class Ground(Model):
    """A ground on which a case is left out (剔除情形), with what it rests on."""

    title: Title
    basis: str = ""


class Formula(Model):
    """The formula of the ranking (考评办法) in one version, valid for the months from `since` on.

    Cases of `types` count in the month in which they were opened or closed. Each rate is the share of yes among
    those who answered its question; the score is the sum of the rates by weight, out of 100. A place needs
    `minimum` answers to each of the three.
    """

    version: int = Field(ge=1)
    since: date = Field(alias="from")
    title: Title
    source: str
    sample: bool = False
    types: tuple[Name, ...] = Field(min_length=1)
    counted_by: Literal["opened", "closed"] = "closed"
    rates: dict[RateName, Rate]
    minimum: int = Field(default=10, ge=1)
    exclusions: dict[Name, Ground] = {}

    @model_validator(mode="after")
    def _whole(self) -> "Formula":
        if set(self.rates) != set(RATES):
            raise ValueError(f"the rates are {', '.join(RATES)}")
        if abs(sum(rate.weight for rate in self.rates.values()) - 1) > 1e-9:
            raise ValueError("the weights of the rates do not add up to 1")
        return self


class Callbacks(Model):
    """Call-backs (回访): how soon, how often and how far apart the reporter is tried before he counts as
    unreachable; of which types of cases."""

    types: tuple[Name, ...] = ("complaint",)
    within: SpanText = "3d"
    attempts: int = Field(default=3, ge=1, le=10)
    apart: SpanText = "4h"


class Alarm(Model):
    """Words that raise a person at once (轻生、威胁): values of a fact of a rule, and the roles that are told."""

    rule: Name = "urgency"
    fact: Name = "text"
    values: tuple[str, ...] = ("self_harm", "threat")
    roles: tuple[Name, ...] = ("dispatcher", "operator")


class Whistle(Model):
    """Whistles (吹哨): the case type and the rule that lists the departments."""

    type: Name = "whistle"
    rule: Name = "whistle"


class Monthly(Model):
    """The monthly report (月报): made on this day of the next month, from this hour on (Beijing time)."""

    day: int = Field(default=3, ge=1, le=28)
    hour: int = Field(default=6, ge=0, le=23)


class Platform(Model):
    """Another platform that is mirrored (上级平台): what it calls our states; the stage where none is named."""

    title: Title
    states: dict[str, str] = {}


class Setting(Model):
    """Everything in hotline.yaml."""

    ranking: tuple[Formula, ...] = ()
    list_rule: Name = "responsibility"
    callbacks: Callbacks = Callbacks()
    alarm: Alarm = Alarm()
    whistles: Whistle = Whistle()
    monthly: Monthly = Monthly()
    platforms: dict[Name, Platform] = {}

    @model_validator(mode="after")
    def _versions(self) -> "Setting":
        versions = [one.version for one in self.ranking]
        starts = [one.since for one in self.ranking]
        if versions != sorted(set(versions)) or starts != sorted(set(starts)):
            raise ValueError("versions of the formula rise, each valid from a later day than the one before")
        return self

    def formula(self, month: date) -> Formula | None:
        """The formula that was in force when a month began."""
        return next((one for one in reversed(self.ranking) if one.since <= month), None)
