"""What the field app asks and sends; cases themselves are read and looked at through their own API."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import File, Router, Status
from ninja.files import UploadedFile
from ninja.params import functions as params
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.cases.workflow import Inputs
from shanzhi.field import actions, dispatching, queries
from shanzhi.field.acts import By, Kind, Sent, Spot
from shanzhi.field.setting import alarm, setting
from shanzhi.journal.receipts import Answer
from shanzhi.learning.queries import understand
from shanzhi.orgs.auth import OPEN, OPEN_SCHEMA, actor_from
from shanzhi.orgs.standing import secret, standing, ticket

router = Router()
Key = Annotated[str, params.Header(alias="Idempotency-Key", max_length=200)]
Device = Annotated[str, Field(pattern=r"^[0-9a-f-]{16,36}$")]
SHIFT = timedelta(hours=12)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpotIn(Strict):
    """Where the telephone was, in WGS-84 degrees; no accuracy when the place was chosen by hand."""

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    accuracy: float | None = Field(None, ge=0, le=1e7, allow_inf_nan=False)


class ActIn(Strict):
    """Something done in the street. `offset_ms`: our clock less the telephone's, as measured at this contact."""

    kind: Kind
    device: Device
    seq: int = Field(ge=1, le=2**53)
    said_at: AwareDatetime
    offset_ms: int = Field(0, ge=-(10**13), le=10**13)
    spot: SpotIn | None = None
    case: UUID | None = None
    version: int | None = None
    move: str = Field("", max_length=40)
    result: str = Field("", max_length=19_000)
    reason: str = Field("", max_length=4_500)
    org: str = Field("", max_length=64)
    person: int | None = Field(None, ge=1, le=2**62)
    helpers: list[str] = Field([], max_length=20)
    photo_after: list[UUID] = Field([], max_length=20)
    fields: dict[str, Any] = {}
    words: str = Field("", max_length=4_500)
    category: str = Field("", max_length=40)
    address: str = Field("", max_length=500)
    files: list[UUID] = Field([], max_length=20)
    round: UUID | None = Field(None, description="What the telephone calls its round")
    point: str = Field("", max_length=40)
    by: By = "hand"
    code: str = Field("", max_length=80)
    answers: dict[str, bool | int | str | None] = Field({}, max_length=60)
    met: bool = True
    report: bool = Field(False, description="At a point: what is not in order becomes a case")
    item_files: dict[str, Annotated[list[UUID], Field(max_length=20)]] = Field(
        {},
        max_length=60,
        description="At a point: photos of what is not in order, by the line of the checklist",
    )
    track: list[tuple[float, float, float]] = Field([], max_length=5_000)

    def sent(self) -> Sent:
        """The act as the room takes it; what the telephone learns only while sending makes no other act of it."""
        inputs = Inputs(
            reason=self.reason, result=self.result, org=self.org, person=self.person, helpers=tuple(self.helpers),
            photo_after=tuple(self.photo_after), files=tuple(self.files), fields=actions.plain(self.fields),
        )  # fmt: skip
        return Sent(
            self.kind, self.device, self.seq, self.said_at, self.offset_ms,
            Spot(**self.spot.model_dump()) if self.spot else None, self.case, self.version, self.move, inputs,
            self.words, self.category, self.address, tuple(self.files), self.round, self.point, self.by, self.code,
            self.answers, self.met, self.report, {key: tuple(ids) for key, ids in self.item_files.items()}, self.track,
            self.model_dump_json(exclude=self._aside()).encode(),
        )  # fmt: skip

    def _aside(self) -> set[str]:
        """What makes no other act: what is learned while sending, and what was unknown to telephones before."""
        unknown = {name for name in ("report", "item_files") if not getattr(self, name)}
        return {"offset_ms", "version"} | unknown


class PhoneIn(Strict):
    device: Device
    offset_ms: int = Field(0, ge=-(10**13), le=10**13)
    waiting: int = Field(0, ge=0, le=100_000)
    spot: SpotIn | None = None
    spot_at: AwareDatetime | None = None


class GuessIn(Strict):
    text: str = Field(min_length=2, max_length=4_500)


@router.get("/hello", auth=OPEN, openapi_extra=OPEN_SCHEMA)
def hello(
    request: HttpRequest,
    device: Annotated[str, params.Query(pattern=r"^([0-9a-f-]{16,36})?$")] = "",
    kept: Annotated[str, params.Header(alias="X-Field-Ticket", max_length=500)] = "",
) -> dict[str, Any]:
    """The first words of every contact: who is signed in, or what became of the session that was; what the time is."""
    actor = actor_from(request)
    at = now()
    if actor.account is None:
        return {"status": standing(kept, at.timestamp()) if kept else "over", "now": at}
    queries.worker(actor)
    return {
        "status": "in",
        "now": at,
        "account": {"id": actor.account, "name": actor.name},
        "csrf": get_token(request),
        "ticket": ticket(request),
        "secret": secret(request, device) if device else "",
        "locked_after_days": setting().locked_after_days,
    }


@router.post("/phones")
def phone(request: HttpRequest, body: PhoneIn) -> dict[str, Any]:
    """Notes a telephone that is at work; how many others this account is used on."""
    actor = actor_from(request)
    actions.heard(actor, body.device, offset_ms=body.offset_ms, waiting=body.waiting)
    if body.spot and body.spot.accuracy is not None and body.spot_at:
        dispatching.seen(actor, Spot(**body.spot.model_dump()), body.spot_at, body.offset_ms)
    return {"others": queries.others(actor.account or 0, body.device, now() - SHIFT)}


@router.get("/day")
def day(request: HttpRequest) -> dict[str, Any]:
    """Today's tasks with all that is needed to do them without a signal."""
    actor, at = queries.worker(actor_from(request)), now()
    return {
        "now": at,
        "tasks": queries.tasks(actor, at),
        "rounds": queries.rounds(actor, at),
        "shift": dispatching.shift(actor, at),
        "stand": dispatching.stand(actor, at),
        "centre_phone": alarm().phone,
        "ground": queries.ground_version(actor),
    }


@router.get("/ground")
def ground(request: HttpRequest) -> dict[str, Any]:
    """The grids of the areas one works in, and the kinds of things that can be reported."""
    return queries.ground(actor_from(request))


@router.post("/guess")
def guess(request: HttpRequest, body: GuessIn) -> list[dict[str, Any]]:
    """The likeliest categories of a few words; the telephone guesses by itself without a signal."""
    queries.worker(actor_from(request))
    known = {one["code"] for one in queries.kinds()}
    likely = understand(body.text).categories
    return [{"code": one.label, "sure": round(one.probability, 2)} for one in likely if one.label in known][
        :3
    ]


@router.post("/files", response={201: dict[str, Any]})
def upload(request: HttpRequest, file: File[UploadedFile], key: Key = "") -> Status[Answer]:
    """Keeps a photo or a recording for an act that follows, once for each Idempotency-Key."""
    if not key:
        raise Invalid(errors=[FieldError("Idempotency-Key", gettext_noop("This is needed"))])
    return Status(201, actions.keep_file(actor_from(request), file, key=key))


@router.post("/acts")
def act(request: HttpRequest, body: ActIn, key: Key = "") -> Answer:
    """Something done in the street. 409 `stale`: the case has moved on since the `version` that was seen."""
    return actions.take(actor_from(request), body.sent(), key=key)
