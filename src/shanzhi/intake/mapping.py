"""How the columns of somebody else's table become reports: a mapping, read from a YAML file. Pure.

type: complaint
channel: letters
columns: {key: id, title: title, text: text, at: time}
steps:
  - {move: dispatch, after: 1h}
  - {move: answer, at: reply_time, inputs: {result: reply}}
rating: {after: 1d, answers: {solved: solved}, always: {contacted: true}}
"""

from collections.abc import Mapping as Columns
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from shanzhi.base.clock import BEIJING, Span
from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.cases.opening import Report
from shanzhi.residents.person import Contact

Name = Literal[
    "key", "title", "text", "at", "category", "address", "area", "lon", "lat", "name", "phone", "citizen_id"
]
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
YEARS = range(
    1971, 2200
)  # ids of entries hold their time and count from 1970; 0001 is how a table says "none"
YES, NO = ("1", "true", "yes", "是", "y"), ("0", "false", "no", "否", "n")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class When(Strict):
    """At a time from a column or, where there is none, some time after what came before."""

    at: str = ""
    after: str = "0m"

    @field_validator("after")
    @classmethod
    def natural(cls, text: str) -> str:
        if Span.parse(text).working:
            raise ValueError("say it in natural time, such as 90m, 24h or 7d")
        return text


class Step(When):
    """A move that the case made; `inputs` names the columns of what was given with it."""

    move: str
    inputs: dict[Literal["reason", "result"], str] = Field(default_factory=dict)


class Always(Strict):
    """What is answered for every row; `words` should say that nobody was asked."""

    contacted: bool | None = None
    solved: bool | None = None
    satisfied: int | None = Field(None, ge=1, le=5)
    words: str = ""


class Rating(When):
    """What was said of the result; `answers` names the columns of contacted, solved, satisfied, words."""

    source: Literal["call", "third_party"] = "call"
    answers: dict[Literal["contacted", "solved", "satisfied", "words"], str] = Field(default_factory=dict)
    always: Always = Always()


class Mapping(Strict):
    """A mapping as a whole; rows without a place get `area`, or else the county.

    The column `category` holds codes, or first-level classes of a hotline (一级分类), or what `categories` maps
    to codes. Steps and the rating are made only of rows that say when they were reported.
    """

    type: str
    channel: str = Field(min_length=1, pattern=r"^[a-z][a-z0-9-]*$")
    columns: dict[Name, str]
    form: dict[str, str] = Field(default_factory=dict)
    categories: Literal["codes", "hotline"] | dict[str, str] = "codes"
    area: str = ""
    times: tuple[str, ...] = TIMES
    steps: tuple[Step, ...] = ()
    rating: Rating | None = None

    @field_validator("columns")
    @classmethod
    def enough(cls, columns: dict[str, str]) -> dict[str, str]:
        if missing := {"key", "text"} - columns.keys():
            raise ValueError(f"the columns of {', '.join(sorted(missing))} are missing")
        return columns

    def asked(self) -> set[str]:
        """All columns that a table must have."""
        whens: list[When] = [*self.steps, *([self.rating] if self.rating else [])]
        inputs = [name for step in self.steps for name in step.inputs.values()]
        answers = list(self.rating.answers.values()) if self.rating else []
        times = [when.at for when in whens if when.at]
        return {*self.columns.values(), *self.form.values(), *inputs, *answers, *times}


def parse(text: str) -> Mapping:
    """A mapping from YAML. Raises Invalid with everything that is wrong with it."""
    try:
        return Mapping.model_validate(yaml.safe_load(text))
    except RecursionError as error:
        raise Invalid("the mapping is nested too deep") from error
    except yaml.YAMLError as error:
        raise Invalid(f"the mapping is not YAML: {error}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise Invalid("the mapping does not fit: " + "; ".join(lines)) from error


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, by the mapping: the report, the contact, and what happened to it when."""

    key: str
    report: Report
    contact: Contact
    times: tuple[datetime, ...]
    inputs: tuple[Columns[str, str], ...]
    answers: dict[str, Any] = field(default_factory=dict)


def row(mapping: Mapping, cells: Columns[str, str]) -> Row:
    """A row; raises Invalid naming the columns that do not fit."""
    errors: list[FieldError] = []

    def cell(name: Name) -> str:
        return cells.get(mapping.columns.get(name, ""), "").strip()

    def number(name: Name) -> float | None:
        try:
            return float(cell(name)) if cell(name) else None
        except ValueError:
            errors.append(FieldError(mapping.columns[name], gettext_noop("This is not a number")))
            return None

    key = cell("key")
    if not key:
        errors.append(FieldError(mapping.columns["key"], gettext_noop("This is needed")))
    at = _time(mapping, mapping.columns.get("at", ""), cells, errors)
    text = cell("text") or cell("title")
    report = Report(
        type=mapping.type,
        text=text,
        title=cell("title")[:200],
        category=_category(mapping, cell("category"), errors),
        lon=number("lon"),
        lat=number("lat"),
        address=cell("address"),
        area=cell("area") or mapping.area,
        channel=mapping.channel,
        external=key,
        data={name: cells[column] for name, column in mapping.form.items() if cells.get(column)},
        at=at,
    )
    contact = Contact(cell("name"), cell("phone"), cell("citizen_id"))
    times = _times(mapping, cells, at, errors)
    inputs = tuple({str(n): cells.get(c, "").strip() for n, c in s.inputs.items()} for s in mapping.steps)
    answers = _answers(mapping, cells, errors)
    if errors:
        raise Invalid(errors=errors)
    return Row(key, report, contact, times, inputs, answers)


def _category(mapping: Mapping, text: str, errors: list[FieldError]) -> str:
    known = mapping.categories
    if not text or isinstance(known, str):
        return text
    if text not in known:
        errors.append(FieldError(mapping.columns["category"], gettext_noop("There is no such category")))
    return known.get(text, "")


def _time(
    mapping: Mapping, column: str, cells: Columns[str, str], errors: list[FieldError]
) -> datetime | None:
    text = cells.get(column, "").strip() if column else ""
    if not text:
        return None
    for pattern in mapping.times:
        try:
            found = datetime.strptime(text, pattern).replace(tzinfo=BEIJING)
        except ValueError:
            continue
        if found.year in YEARS:
            return found
    errors.append(FieldError(column, gettext_noop("This is not a time")))
    return None


def _times(
    mapping: Mapping, cells: Columns[str, str], at: datetime | None, errors: list[FieldError]
) -> tuple[datetime, ...]:
    """When each step, and the rating, came: never before the one before, nor after a later known time."""
    whens: list[When] = [*mapping.steps, *([mapping.rating] if mapping.rating else [])]
    known = [_time(mapping, when.at, cells, errors) for when in whens]
    if at is None:
        return ()
    found: list[datetime] = []
    last = at
    for number, when in enumerate(whens):
        moment = known[number] or last + timedelta(seconds=Span.parse(when.after).seconds)
        later = next((time for time in known[number + 1 :] if time), None)
        last = max(last, min(moment, later) if later else moment)
        found.append(last)
    return tuple(found)


def _answers(mapping: Mapping, cells: Columns[str, str], errors: list[FieldError]) -> dict[str, Any]:
    if mapping.rating is None:
        return {}
    found: dict[str, Any] = mapping.rating.always.model_dump()
    for name, column in mapping.rating.answers.items():
        text = cells.get(column, "").strip()
        if name == "words":
            found[name] = text or found[name]
        elif name == "satisfied":
            found[name] = int(text) if text in "12345" and text else None
        elif text.lower() in (*YES, *NO):
            found[name] = text.lower() in YES
        elif text:
            errors.append(FieldError(column, gettext_noop("This is neither yes nor no")))
    return {name: value for name, value in found.items() if value not in (None, "")}
