"""One's own notices."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from shanzhi.notices import actions, queries
from shanzhi.orgs.auth import actor_from

router = Router()


class ReadIn(Schema):
    """Which notices were read; all of them when none is named."""

    model_config = ConfigDict(extra="forbid")
    ids: list[int] | None = None


@router.get("")
def inbox(request: HttpRequest) -> dict[str, Any]:
    """The latest notices, and how many are unread."""
    actor = actor_from(request)
    return {"unread": queries.unread(actor), "items": queries.inbox(actor)}


@router.post("/read")
def read(request: HttpRequest, body: ReadIn) -> dict[str, int]:
    """Marks notices as read; how many there were."""
    return {"read": actions.read(actor_from(request), body.ids)}
