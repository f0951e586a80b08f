"""Documents as PDF, set by Typst from their fixed contents; and verifying one."""

import hmac
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import typst

from shanzhi.residents import queries as residents
from shanzhi.services.actions.issuing import digest_of
from shanzhi.services.models import Document

TEMPLATE = Path(__file__).parent / "document.typ"


def pdf(found: Document) -> bytes:
    """The PDF with the holder's name, which only stands in his record. Needs a Chinese font on the machine."""
    told = found.body | {
        "holder": residents.name_of(UUID(found.body["person"])) if found.body["person"] else "",
        "code": found.code,
        "digest": found.digest,
        "revoked": found.revoked_at is not None,
    }
    made = typst.compile(TEMPLATE, format="pdf", sys_inputs={"document": orjson.dumps(told).decode()})
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def verified(number: str, code: str) -> dict[str, Any] | None:
    """What may be said of a document to whoever holds its number and code: what it is, not whose."""
    found = Document.objects.filter(number=number).first()
    if found is None or not hmac.compare_digest(found.code.encode(), code.upper().encode()):
        return None
    return {
        "item": found.body["item"],
        "org": found.body["org"],
        "day": found.body["day"],
        "revoked": found.revoked_at is not None,
        "whole": digest_of(found.body) == found.digest,
    }
