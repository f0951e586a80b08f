"""The codes of points on paper, to be cut out and hung up where the points are."""

from collections.abc import Mapping
from pathlib import Path

import orjson
import typst
from django.utils.translation import gettext as _

from shanzhi.base import qr
from shanzhi.patrol import codes, queries
from shanzhi.patrol.setting import Stop

TEMPLATE = Path(__file__).parent / "sheet.typ"


def sheet(stops: Mapping[str, Stop]) -> bytes:
    """The PDF with a QR code and its letters for each point. Needs a Chinese font on the machine."""
    lists = queries.setting().checklists
    told = {
        "title": _("Codes of points"),
        "foot": _("Whoever stands here scans the code or types the letters beneath it."),
        "points": [_point(key, stop, lists[stop.checklist].title.zh) for key, stop in stops.items()],
    }
    made = typst.compile(TEMPLATE, format="pdf", sys_inputs={"sheet": orjson.dumps(told).decode()})
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _point(key: str, stop: Stop, checklist: str) -> dict[str, str]:
    return {
        "key": key,
        "name": stop.name,
        "checklist": checklist,
        "code": codes.code(queries.secret(), key),
        "qr": qr.drawn(codes.payload(queries.secret(), key)),
    }
