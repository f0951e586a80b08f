"""Services for machines: the catalogue, and applications that a counter or another platform sends."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.params import functions as params
from pydantic import BaseModel, ConfigDict, Field

from shanzhi.base.ids import format_number
from shanzhi.cases.state import State
from shanzhi.journal.receipts import Answer, along
from shanzhi.orgs.auth import OPEN, OPEN_SCHEMA, actor_from
from shanzhi.orgs.queries import require
from shanzhi.services.actions.applying import Asked, apply
from shanzhi.services.queries import catalogue

router = Router()
Key = Annotated[str, params.Header(alias="Idempotency-Key", max_length=200)]
MOST_ANSWERS = 100


class ApplicationIn(BaseModel):
    """An application at a counter or from another platform, for somebody whose record is known by its id."""

    model_config = ConfigDict(extra="forbid")
    item: str = Field(max_length=20)
    person: UUID
    answers: dict[str, Any] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    consent: str = Field("", max_length=500, description="The sentence that the applicant agreed to")
    anyway: bool = Field(False, description="Sent although something is missing or not met: a person judges")


@router.get("/items", auth=OPEN, openapi_extra=OPEN_SCHEMA)
def items(request: HttpRequest, words: Annotated[str, Query(max_length=100)] = "") -> list[dict[str, Any]]:
    """The services in force, or those that words find."""
    return [
        {"code": one.code, "version": one.version, "name": one.name.zh, "kind": one.kind, "org": one.org}
        for one in catalogue.search(words)
    ]


@router.get("/items/{code}", auth=OPEN, openapi_extra=OPEN_SCHEMA)
def item(request: HttpRequest, code: str) -> dict[str, Any]:
    """One service with all its fields and its conditions."""
    return catalogue.item(code).model_dump(mode="json", by_alias=True)


@router.post("/applications", response={201: dict[str, Any]})
def application(request: HttpRequest, body: ApplicationIn, key: Key = "") -> Status[Answer]:
    """Sends an application, once for each Idempotency-Key; granted already where the rule may decide."""
    actor = actor_from(request)
    require(actor, "service.counter")
    asked = Asked(
        body.item,
        body.person,
        answers=body.answers,
        channel="counter",
        consent=body.consent,
        anyway=body.anyway,
    )
    answer = along(actor.ref, key, request.body, lambda also: apply(actor, asked, also=also), answered)
    return Status(201, answer)


def answered(state: State) -> Answer:
    """What the caller is told: the number, and how it stands. Of a new case the receipt knows only that it opened."""
    return {"id": str(state.id), "number": format_number(state["number"]), "item": state["data"]["item"]}
