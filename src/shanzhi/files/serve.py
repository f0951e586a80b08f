"""Answers that carry a file: never a page, never a script, whatever is in it.

The addresses are `/files/<id>/<name>` and, for pictures, `/files/<id>/public` and `/files/<id>/thumbnail`.
"""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from shanzhi.files import ranges
from shanzhi.files.queries import Copy, Visible, opened
from shanzhi.orgs.auth import actor_from

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
PLAYED = ("audio/", "video/")
COPIES: dict[str, Copy] = {"public": "public", "thumbnail": "thumbnail"}


def answer(request: HttpRequest, id_: UUID, name: str, visible: Visible) -> HttpResponse:
    """The file, or a copy of it, for who may see it; `visible` is asked about the case it belongs to."""
    wanted = COPIES.get(name, "original")
    file, data, media_type = opened(actor_from(request), id_, wanted, visible)
    shown = "inline" if media_type.startswith("image/") else "attachment"
    response = _part(request, data) if media_type.startswith(PLAYED) else HttpResponse(data)
    for header, value in {**SAFE, "Content-Type": media_type}.items():
        response[header] = value
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(file.name)}"
    response["Cache-Control"] = "private, max-age=300"
    return response


def _part(request: HttpRequest, data: bytes) -> HttpResponse:
    """The part that a player asks for, so that it can go to any place of a recording."""
    try:
        part = ranges.wanted(request.headers.get("Range", ""), len(data))
    except ranges.Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    if part is None:
        return HttpResponse(data, headers={"Accept-Ranges": "bytes"})
    first, last = part
    where = f"bytes {first}-{last}/{len(data)}"
    head = {"Accept-Ranges": "bytes", "Content-Range": where}
    return HttpResponse(data[first : last + 1], status=206, headers=head)
