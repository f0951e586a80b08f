"""Reports through our own API: one, or up to a thousand at a time."""

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params import functions as params
from pydantic import BaseModel, ConfigDict, Field

from shanzhi.base.errors import Denied, FieldError, Invalid, gettext_noop
from shanzhi.base.geo import Point, gcj02_to_wgs84
from shanzhi.base.ids import format_number
from shanzhi.cases.opening import Report
from shanzhi.intake.reporting import Incoming, receive, receive_many
from shanzhi.journal.receipts import Answer, once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import OPEN, OPEN_SCHEMA, actor_from, limit_anonymous
from shanzhi.orgs.queries import scope
from shanzhi.residents.person import Contact

router = Router()
Key = Annotated[str, params.Header(alias="Idempotency-Key", max_length=200)]
ANONYMOUS_PER_MINUTE = 20
MOST = 1_000


class ContactIn(BaseModel):
    """How to reach the reporter: kept encrypted, shown masked."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field("", max_length=64)
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=500)


class ReportIn(BaseModel):
    """A report. A place is best given as `lon` and `lat`; `datum` says in which coordinates."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=20_000)
    type: str = Field("street-issue", max_length=40)
    title: str = Field("", max_length=200)
    category: str = Field("", max_length=40)
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    datum: Literal["wgs84", "gcj02", "cgcs2000"] = "wgs84"
    address: str = Field("", max_length=500)
    external: str | None = Field(
        None, min_length=1, max_length=200, description="Your own number; reported once"
    )
    data: dict[str, Any] = Field(default_factory=dict)
    contact: ContactIn | None = None
    files: list[UUID] = Field(
        default_factory=list, max_length=20, description="Ids of files that you have uploaded"
    )

    def incoming(self, actor: Actor) -> Incoming:
        """The report as the engine takes it."""
        lon, lat = self.lon, self.lat
        if lon is not None and lat is not None and self.datum == "gcj02":
            point = gcj02_to_wgs84(Point(lon, lat))
            lon, lat = point.lon, point.lat
        report = Report(
            type=self.type,
            text=self.text,
            title=self.title,
            category=self.category,
            lon=lon,
            lat=lat,
            address=self.address,
            channel=channel(actor),
            external=self.external,
            data=self.data,
            account=actor.account,
            files=tuple(self.files),
        )
        given = self.contact
        contact = Contact(given.name, given.phone, address=given.address) if given else Contact()
        return Incoming(report, contact)


class BulkIn(BaseModel):
    """Up to a thousand reports: all of them are taken or none."""

    model_config = ConfigDict(extra="forbid")
    reports: list[ReportIn] = Field(min_length=1, max_length=MOST)


def channel(actor: Actor) -> str:
    """Where a report comes from: the client by its name, or our own pages."""
    return f"client:{actor.id}" if actor.kind == "client" else "web"


def require_report(actor: Actor) -> None:
    """Raises Denied for those who are known but may not report."""
    if actor.is_known and not scope(actor, "case.report"):
        raise Denied()


def _opened(answer: Answer) -> HttpResponse:
    """Ninja would check once more what was made here, which takes as long as judging a report by its rules."""
    return HttpResponse(orjson.dumps(answer), status=201, content_type="application/json")


@router.post("/reports", auth=OPEN, openapi_extra=OPEN_SCHEMA, response={201: dict[str, Any]})
def report(request: HttpRequest, body: ReportIn, key: Key = "") -> HttpResponse:
    """Opens a case. Nobody needs an account; strangers are limited in how often."""
    actor = actor_from(request)
    limit_anonymous(request, "report", per_minute=ANONYMOUS_PER_MINUTE)
    require_report(actor)
    return _opened(receive(actor, body.incoming(actor), key=key, request=request.body))


@router.post("/reports/bulk", response={201: dict[str, Any]})
def report_many(request: HttpRequest, body: BulkIn, key: Key = "") -> HttpResponse:
    """Opens many cases at once, for systems that bring their own: all or none."""
    actor = actor_from(request)
    if actor.kind != "client" and not scope(actor, "case.report_for"):
        raise Denied()
    require_report(actor)
    if any(one.files for one in body.reports):
        raise Invalid(errors=[FieldError("files", gettext_noop("Send files with single reports"))])

    def work() -> Answer:
        states = receive_many(actor, [one.incoming(actor) for one in body.reports])
        return {"cases": [{"id": s.id, "number": format_number(s["number"])} for s in states]}

    return _opened(once(actor.ref, key, request.body, work))
