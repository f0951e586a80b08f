"""Other people's systems: calls of a telephone system, transcripts of a recogniser, orders of another platform."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from ninja.params import functions as params
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from shanzhi.base.geo import Point, gcj02_to_wgs84
from shanzhi.hotline.actions import ordering, taking
from shanzhi.hotline.actions.ordering import Given
from shanzhi.hotline.actions.taking import Incoming, Piece
from shanzhi.journal.receipts import Answer, once
from shanzhi.orgs.auth import actor_from
from shanzhi.residents.person import Contact

router = Router()
Key = Annotated[str, params.Header(alias="Idempotency-Key", max_length=200)]
MOST = 500
YEARS = range(1900, 2200)


def _utc(moment: datetime) -> datetime:
    """In UTC: PostgreSQL refuses offsets beyond 15:59 that Python reads. Raises ValueError outside YEARS."""
    if moment.year not in YEARS:
        raise ValueError(f"not a year from {YEARS[0]} to {YEARS[-1]}")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


class Strict(BaseModel):
    """Unknown fields are refused, so that a slip is told and not lost."""

    model_config = ConfigDict(extra="forbid")


class CallerIn(Strict):
    """Who calls: kept encrypted, shown masked."""

    name: str = Field("", max_length=64)
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=500)

    def contact(self) -> Contact:
        return Contact(self.name, self.phone, address=self.address)


class PlaceIn(Strict):
    """Where it is. `datum` says in which coordinates `lon` and `lat` are."""

    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    datum: Literal["wgs84", "gcj02", "cgcs2000"] = "wgs84"
    area: str = Field("", max_length=15, pattern=r"^\d*$")
    address: str = Field("", max_length=500)

    def point(self) -> tuple[float | None, float | None]:
        if self.lon is None or self.lat is None or self.datum != "gcj02":
            return self.lon, self.lat
        found = gcj02_to_wgs84(Point(self.lon, self.lat))
        return found.lon, found.lat


class CallIn(PlaceIn):
    """A call. `call` is your own number of it: sent again it is answered again and not taken again."""

    call: str = Field(min_length=1, max_length=200)
    at: Moment
    ended_at: Moment | None = None
    line: str = Field("", max_length=40)
    kind: Literal["case", "consultation"] = "case"
    text: str = Field("", max_length=20_000)
    reply: str = Field("", max_length=20_000, description="What a consultation was answered")
    category: str = Field("", max_length=40)
    type: str = Field("complaint", max_length=40)
    caller: CallerIn | None = None
    files: list[UUID] = Field(default_factory=list, max_length=20, description="Ids of uploaded recordings")

    def incoming(self) -> Incoming:
        lon, lat = self.point()
        return Incoming(
            self.call, self.at, self.text, self.kind, self.ended_at, self.line, self.category, self.reply,
            lon, lat, self.area, self.address, self.type,
            self.caller.contact() if self.caller else Contact(), tuple(self.files),
        )  # fmt: skip


class CallsIn(Strict):
    """Up to five hundred calls: all of them are taken or none; those that are known are answered as known."""

    calls: list[CallIn] = Field(min_length=1, max_length=MOST)


class PieceIn(Strict):
    """A piece of a transcript. `final: false` may be replaced by sending the same `seq` again."""

    seq: int = Field(ge=0, le=1_000_000)
    text: str = Field(max_length=taking.LONGEST)
    who: Literal["caller", "operator"] = "caller"
    start_ms: int | None = Field(None, ge=0, le=86_400_000)
    final: bool = True


class TranscriptIn(Strict):
    pieces: list[PieceIn] = Field(min_length=1, max_length=taking.MOST_PIECES)


class RecordingsIn(Strict):
    files: list[UUID] = Field(min_length=1, max_length=20)


class OrderIn(PlaceIn):
    """An order of your platform: `number` and `due_at` are yours; sent again, only a new limit is taken over."""

    number: str = Field(min_length=1, max_length=200)
    platform: str = Field(max_length=40)
    text: str = Field(min_length=1, max_length=20_000)
    title: str = Field("", max_length=200)
    category: str = Field("", max_length=40)
    due_at: Moment | None = None
    contact: CallerIn | None = None

    def given(self) -> Given:
        lon, lat = self.point()
        contact = self.contact.contact() if self.contact else Contact()
        return Given(
            self.number, self.platform, self.text, self.title, self.due_at, self.category, self.area,
            lon, lat, self.address, contact,
        )  # fmt: skip


class MessageIn(Strict):
    kind: Literal["urge", "note", "withdraw"]
    words: str = Field(min_length=1, max_length=4_000)


@router.post("/calls", response={200: dict[str, Any], 201: dict[str, Any]})
def take(request: HttpRequest, body: CallIn, key: Key = "") -> Status[Answer]:
    """Takes a call: opens a case, or keeps a consultation. 200 says that it was known."""
    actor = actor_from(request)

    def work() -> Answer:
        call, fresh = taking.take(actor, body.incoming())
        return {**taking.told(call), "known": not fresh}

    answer = once(actor.ref, key, request.body, work)
    return Status(200 if answer["known"] else 201, answer)


@router.post("/calls/bulk", response={201: dict[str, Any]})
def take_many(request: HttpRequest, body: CallsIn, key: Key = "") -> Status[Answer]:
    """Takes many calls at once: all or none."""
    actor = actor_from(request)

    def work() -> Answer:
        taken = taking.take_many(actor, [one.incoming() for one in body.calls])
        return {"calls": [{**taking.told(call), "known": not fresh} for call, fresh in taken]}

    return Status(201, once(actor.ref, key, request.body, work))


@router.get("/calls/{number}")
def show_call(request: HttpRequest, number: str) -> dict[str, Any]:
    """A call that you have brought, how its case stands, and what was said."""
    actor = actor_from(request)
    call = taking.found(actor, number)
    return {**taking.told(call), "transcript": taking.transcript(actor, call)}


@router.post("/calls/{number}/transcript")
def transcribe(request: HttpRequest, number: str, body: TranscriptIn) -> dict[str, Any]:
    """Keeps what was said, live or later. Sent again it changes nothing that is final."""
    pieces = [Piece(one.seq, one.text, one.who, one.start_ms, one.final) for one in body.pieces]
    return taking.told(taking.transcribe(actor_from(request), number, pieces))


@router.post("/calls/{number}/recordings")
def record(request: HttpRequest, number: str, body: RecordingsIn) -> dict[str, Any]:
    """Puts recordings that you have uploaded to the call and its case."""
    return taking.told(taking.record(actor_from(request), number, body.files))


@router.post("/orders", response={200: dict[str, Any], 201: dict[str, Any]})
def mirror(request: HttpRequest, body: OrderIn) -> Status[dict[str, Any]]:
    """Takes over an order of your platform under its number and with its clock. 200 says that it was known."""
    order, fresh = ordering.mirror(actor_from(request), body.given())
    return Status(201 if fresh else 200, ordering.told(order))


@router.get("/orders/{number}")
def show_order(request: HttpRequest, number: str) -> dict[str, Any]:
    """How an order stands, in your platform's words."""
    return ordering.told(ordering.found(actor_from(request), number))


@router.post("/orders/{number}/messages")
def message(request: HttpRequest, number: str, body: MessageIn, key: Key = "") -> Answer:
    """Urges, tells or asks for withdrawal: a note for those who work on the case."""
    actor = actor_from(request)
    mark = request.path.encode() + b"\0" + request.body
    return once(
        actor.ref, key, mark, lambda: ordering.told(ordering.message(actor, number, body.kind, body.words))
    )
