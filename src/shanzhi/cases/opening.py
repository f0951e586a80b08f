"""What a new case looks like: what was reported, completed by place and by rules."""

from collections.abc import Mapping
from dataclasses import field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.base.value import dataclass
from shanzhi.cases.casetype import CaseType, FieldSpec
from shanzhi.cases.state import Reporter, State

LONGEST = {"title": 200, "text": 20_000, "address": 500}


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports (上报). `lon`/`lat` in WGS-84 degrees; `area` is looked up from them if not given.

    `person` is the id of the reporter's record, `account` that of his account; `at` when it was reported, if
    not now (an import keeps the original times). `urgency` is what a person has said of it; the rule is asked
    when nobody has. `desk` and `limits` come with what is asked for (a service item) and go before the type's.
    """

    type: str
    text: str
    title: str = ""
    category: str = ""
    urgency: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    area: str = ""
    channel: str = "api"
    external: str | None = None
    public: bool | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    account: int | None = None
    parent: UUID | None = None
    files: tuple[UUID, ...] = ()
    at: datetime | None = None
    desk: str = ""
    limits: Mapping[str, str] = field(default_factory=dict)
    person: str | None = field(default=None, kw_only=True)

    def by(self, person: str) -> "Report":
        """The same, by the person whose record has this id."""
        return Report(*_ALL_BUT_PERSON(self), person=person)


_ALL_BUT_PERSON = attrgetter(*(f.name for f in fields(Report) if f.name != "person"))


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say of a report: how urgent, who should handle it, within which limits, shown or not."""

    urgency: str
    proposed: str
    desk: str
    public: bool
    limits: Mapping[str, str]
    why: Mapping[str, Any]


def check(type_: CaseType, report: Report) -> None:
    """Raises Invalid with everything that is wrong with a report."""
    errors = [
        FieldError(name, gettext_noop("At most %(most)s characters"), {"most": most})
        for name, most in LONGEST.items()
        if len(getattr(report, name)) > most
    ]
    if not report.text.strip():
        errors.append(FieldError("text", gettext_noop("Say what it is about")))
    if (report.lon is None) != (report.lat is None):
        errors.append(FieldError("lat", gettext_noop("Give both, longitude and latitude")))
    errors += form_errors(type_.form, report.data)
    if errors:
        raise Invalid(errors=errors)


def form_errors(form: Mapping[str, FieldSpec], data: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with the values of a form."""
    errors = [FieldError(name, gettext_noop("There is no such field")) for name in data if name not in form]
    for name, spec in form.items():
        value = data.get(name)
        if value in (None, ""):
            if spec.required:
                errors.append(FieldError(name, gettext_noop("This is needed")))
        elif not _fits(spec, value):
            errors.append(FieldError(name, gettext_noop("This does not fit")))
    return errors


def _fits(spec: FieldSpec, value: Any) -> bool:
    match spec.type:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
        case "bool":
            return isinstance(value, bool)
        case "choice":
            return value in spec.choices
        case "date":
            return isinstance(value, str) and _is_date(value)
        case _:
            return isinstance(value, str) and len(value) <= (spec.max or 5_000)


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007  a date has no zone
    except ValueError:
        return False
    return True


def first_state(
    type_: CaseType, report: Report, ruling: Ruling, *, id_: UUID, number: int, area: str, at: datetime
) -> State:
    """The case as it is when it opens, before its clocks start. It has an owner from the first moment: the desk."""
    title = report.title.strip() or report.text.strip().splitlines()[0][:40]
    columns: dict[str, Any] = {
        "number": number,
        "county": area[:6],
        "type": type_.type,
        "type_version": type_.version,
        "state": type_.start,
        "open": type_.states[type_.start].open,
        "version": 1,
        "title": title,
        "text": report.text,
        "category": report.category,
        "urgency": ruling.urgency,
        "area": area,
        "lon": report.lon,
        "lat": report.lat,
        "address": report.address,
        "org": ruling.desk,
        "person": None,
        "desk": ruling.desk,
        "proposed": ruling.proposed,
        "performers": {},
        "limits": dict(ruling.limits),
        "channel": report.channel,
        "external": report.external,
        "public": ruling.public if report.public is None else report.public,
        "opened_at": at,
        "closed_at": None,
        "due_at": None,
        "suspended_until": None,
        "parent": report.parent,
        "merged_into": None,
        "level": 0,
        "bounces": 0,
        "reworks": 0,
        "data": dict(report.data),
    }
    reporter = Reporter("r1", report.account, report.person, report.channel, at)
    return State(id_, columns, reporters={"r1": reporter})
