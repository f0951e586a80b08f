"""The API of the engine: lists, cases, moves and everything else that can be done to a case."""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.params import functions as params

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.base.ids import parse_number
from shanzhi.cases import actions, queries, schemas, types
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.sides import Ask
from shanzhi.cases.state import State
from shanzhi.journal.receipts import Also, Answer, along, once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import OPEN, OPEN_SCHEMA, actor_from

router = Router()
Key = Annotated[str, params.Header(alias="Idempotency-Key", max_length=200)]


class Filters(Schema):
    """What to list; all of it together."""

    state: str | None = None
    type: str | None = None
    org: str | None = None
    category: str | None = None
    area: str | None = None
    open: bool | None = None
    overdue: bool | None = None
    mine: bool | None = None

    def q(self, actor: Actor) -> Q:
        """The filters as one condition."""
        given = {
            n: v for n in ("state", "type", "org", "category", "open") if (v := getattr(self, n)) is not None
        }
        condition = Q(**given)
        if self.area:
            condition &= Q(area__startswith=self.area)
        if self.overdue is not None:
            late = Q(open=True, due_at__lt=now())
            condition &= late if self.overdue else ~late
        if self.mine:
            condition &= Q(person=actor.account or -1)
        return condition


@router.get("", response=schemas.Page)
def list_cases(
    request: HttpRequest,
    filters: Annotated[Filters, params.Query()],
    order: Literal["-opened_at", "opened_at", "due_at"] = "-opened_at",
    after: str = "",
    limit: Annotated[int, params.Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The cases you may see, a page at a time; `after` is the `next` of the page before."""
    offset = _offset(after)
    condition = _text_ok(filters)
    rows = queries.listed(
        actor_from(request),
        filters=condition.q(actor_from(request)),
        order=order,
        offset=offset,
        limit=limit + 1,
    )
    more = len(rows) > limit
    return {
        "items": [schemas.row(r) for r in rows[:limit]],
        "next": _cursor(offset + limit) if more else None,
    }


def _text_ok(filters: Filters) -> Filters:
    if any("\0" in value for value in filters.dict().values() if isinstance(value, str)):
        raise Invalid(gettext_noop("A filter holds a character that no text has"))
    return filters


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode()


def _offset(after: str) -> int:
    try:
        offset = int(base64.urlsafe_b64decode(after.encode())) if after else 0
    except (ValueError, binascii.Error) as error:
        raise Invalid(errors=[FieldError("after", gettext_noop("This is not the end of a page"))]) from error
    if not 0 <= offset < 10_000_000:
        raise Invalid(errors=[FieldError("after", gettext_noop("This is not the end of a page"))])
    return offset


@router.get("/types", auth=OPEN, openapi_extra=OPEN_SCHEMA)
def case_types(request: HttpRequest) -> list[dict[str, Any]]:
    """What can be reported: the case types in force, with their forms, states and moves."""
    return [type_.model_dump(mode="json", by_alias=True) for type_ in types.everything().values()]


@router.get("/by-number/{number}", response=schemas.ViewOut)
def show_by_number(request: HttpRequest, number: str) -> dict[str, Any]:
    """The case with a tracking number."""
    actor = actor_from(request)
    return schemas.view_out(queries.view(actor, queries.by_number(actor, parse_number(number))), actor)


@router.get("/{uuid:case}", response=schemas.ViewOut)
def show(request: HttpRequest, case: UUID) -> dict[str, Any]:
    """A case with its clocks, timeline and the moves you may make now."""
    actor = actor_from(request)
    return schemas.view_out(queries.view(actor, case), actor)


Work = Callable[[Actor], State]


def _write(request: HttpRequest, key: str, work: Work) -> Answer:
    """Does a write once for each Idempotency-Key and answers with the case."""
    actor = actor_from(request)
    return once(actor.ref, key, _asked(request), lambda: schemas.brief(work(actor)))


def _asked(request: HttpRequest) -> bytes:
    """What a request asks for, to be told from another under the same key."""
    return request.path.encode() + b"\0" + request.body


@router.post("/{uuid:case}/moves")
def move(request: HttpRequest, case: UUID, body: schemas.MoveIn, key: Key = "") -> Answer:
    """Makes a move. 409 `stale` says that the case has moved on since the `version` you saw."""
    actor = actor_from(request)

    def work(also: Also[State]) -> State:
        return actions.move(actor, case, body.move, inputs=body.inputs(), seen=body.version, also=also)

    return along(actor.ref, key, _asked(request), work, schemas.brief)


@router.post("/{uuid:case}/notes")
def note(request: HttpRequest, case: UUID, body: schemas.NoteIn, key: Key = "") -> Answer:
    """Writes a note, internal unless it is said to be public."""
    return _write(request, key, lambda actor: actions.note(actor, case, body.words, public=body.public))


@router.post("/{uuid:case}/files")
def attach(request: HttpRequest, case: UUID, body: schemas.AttachIn, key: Key = "") -> Answer:
    """Puts files that you have uploaded to the case."""
    return _write(request, key, lambda actor: actions.attach(actor, case, body.files, phase=body.phase))


@router.post("/{uuid:case}/ratings")
def rate(request: HttpRequest, case: UUID, body: schemas.RateIn, key: Key = "") -> Answer:
    """Rates the result: as a reporter, from a follow-up call, or as a third party."""
    answers = Answers(body.contacted, body.solved, body.satisfied, body.words)
    return _write(request, key, lambda actor: actions.evaluate(actor, case, answers, source=body.source))


@router.post("/{uuid:case}/requests")
def ask(request: HttpRequest, case: UUID, body: schemas.AskIn, key: Key = "") -> Answer:
    """Asks for an extension, a suspension, to send back, to void or to consult."""
    wanted = Ask(
        body.kind, body.reason, _aware(body.until), body.hours and body.hours * 3600, tuple(body.orgs)
    )
    return _write(request, key, lambda actor: actions.ask(actor, case, wanted, seen=body.version))


def _aware(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise Invalid(
            errors=[FieldError("until", gettext_noop("Say which time zone, as in 2026-11-24T09:00+08:00"))]
        )
    if moment is not None and moment - now() > timedelta(days=3_650):
        raise Invalid(errors=[FieldError("until", gettext_noop("This is longer than allowed"))])
    return moment and moment.astimezone(UTC)  # PostgreSQL refuses offsets beyond 15:59 that Python reads


@router.post("/{uuid:case}/requests/{name}")
def decide(request: HttpRequest, case: UUID, name: str, body: schemas.DecideIn, key: Key = "") -> Answer:
    """Grants or refuses what was asked for; a refusal needs its reason."""
    return _write(
        request,
        key,
        lambda actor: actions.decide(actor, case, name, granted=body.granted, decision=body.decision),
    )


@router.post("/{uuid:case}/tasks/{name}")
def finish(request: HttpRequest, case: UUID, name: str, body: schemas.TaskIn, key: Key = "") -> Answer:
    """A helping organisation's answer."""
    return _write(request, key, lambda actor: actions.finish_task(actor, case, name, result=body.result))


@router.post("/{uuid:case}/supervision")
def supervise(request: HttpRequest, case: UUID, body: schemas.SuperviseIn, key: Key = "") -> Answer:
    """Reminds (1), urges (2), supervises (3) or gives public notice (4)."""
    return _write(request, key, lambda actor: actions.supervise(actor, case, body.level, words=body.words))


@router.post("/{uuid:case}/take-up")
def take_up(request: HttpRequest, case: UUID, key: Key = "") -> Answer:
    """Ends a suspension before its time."""
    return _write(request, key, lambda actor: actions.take_up(actor, case))


@router.post("/{uuid:case}/merge")
def merge(request: HttpRequest, case: UUID, body: schemas.MergeIn, key: Key = "") -> Answer:
    """Merges this duplicate into another case, whose answer then reaches all reporters."""
    return _write(request, key, lambda actor: actions.merge(actor, case, body.into))


@router.post("/{uuid:case}/part")
def part(request: HttpRequest, case: UUID, body: schemas.MergeIn, key: Key = "") -> Answer:
    """Undoes a merge."""
    return _write(request, key, lambda actor: actions.part(actor, case, body.into))


@router.post("/{uuid:case}/split")
def split(request: HttpRequest, case: UUID, body: schemas.SplitIn, key: Key = "") -> Answer:
    """Splits off sub-cases, one for each text."""

    def work(actor: Actor) -> State:
        actions.split(actor, case, body.parts)
        return queries.state_of(case)

    return _write(request, key, work)


@router.post("/{uuid:case}/join")
def join(request: HttpRequest, case: UUID, key: Key = "") -> Answer:
    """Reports the same matter too: you will be told of the answer."""
    return _write(request, key, lambda actor: actions.join(actor, case)[0])


@router.post("/{uuid:case}/contacts")
def look(request: HttpRequest, case: UUID, body: schemas.LookIn) -> list[dict[str, Any]]:
    """The reporters' data unmasked, for a reason; each look is written down."""
    return actions.look(actor_from(request), case, reason=body.reason)


@router.post("/{uuid:case}/migrate")
def migrate(request: HttpRequest, case: UUID, key: Key = "") -> Answer:
    """Moves the case on to the current version of its type."""
    return _write(request, key, lambda actor: actions.migrate(actor, case))
