"""Answers that carry a file: never a page, never a script, whatever is in it.

The addresses are `/files/<id>/<name>` and, for pictures, `/files/<id>/public` and `/files/<id>/thumbnail`.
"""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from shanzhi.files.queries import Copy, Visible, opened
from shanzhi.orgs.auth import actor_from

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
COPIES: dict[str, Copy] = {"public": "public", "thumbnail": "thumbnail"}


def answer(request: HttpRequest, id_: UUID, name: str, visible: Visible) -> HttpResponse:
    """The file, or a copy of it, for who may see it; `visible` is asked about the case it belongs to."""
    wanted = COPIES.get(name, "original")
    file, data, media_type = opened(actor_from(request), id_, wanted, visible)
    shown = "inline" if media_type.startswith("image/") else "attachment"
    response = HttpResponse(data, content_type=media_type, headers=SAFE)
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(file.name)}"
    response["Cache-Control"] = "private, max-age=300"
    return response
