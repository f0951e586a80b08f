"""Sending files in, before they are put to a case."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from shanzhi.files.actions import store
from shanzhi.orgs.auth import OPEN, OPEN_SCHEMA, actor_from, limit_anonymous

router = Router()
ANONYMOUS_PER_MINUTE = 30


@router.post("", auth=OPEN, openapi_extra=OPEN_SCHEMA, response={201: dict[str, Any]})
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Keeps a picture, a PDF or a recording; its id can then be given with a report or a move."""
    limit_anonymous(request, "upload", per_minute=ANONYMOUS_PER_MINUTE)
    kept = store(actor_from(request), file)
    return Status(
        201, {"id": str(kept.pk), "media_type": kept.media_type, "size": kept.size, "name": kept.name}
    )
