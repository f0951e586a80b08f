"""Result documents (结果文书): their contents are fixed when they are issued, with a digest and a code to verify."""

import hashlib
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.crypto import hmac_sm3
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import format_number, new_id
from shanzhi.cases.state import State
from shanzhi.journal.actions import append
from shanzhi.journal.tables import Insert, write
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import field_key, orgs, require
from shanzhi.rules.evaluate import Answer
from shanzhi.services import paper
from shanzhi.services.item import Item
from shanzhi.services.models import Document

COLUMNS = ("id", "case_id", "number", "code", "body", "digest", "issued_at", "reason")
HOUR = timedelta(hours=1)


def rows(made: Sequence[dict[str, Any]]) -> Insert:
    return Insert("services_document", COLUMNS, made)


def document_row(
    state: State, item: Item, answer: Answer | None, at: datetime, *, words: str = ""
) -> dict[str, Any]:
    """What is issued for a granted application: never the holder's name, which stands encrypted in his record."""
    id_, number = new_id(), format_number(state["number"])
    body = {
        "number": number,
        "item": item.name.zh,
        "item_ref": item.ref,
        "org": orgs().get(state["org"], state["org"]),
        "day": str(at.astimezone(BEIJING).date()),
        "says": words or paper.granted(item, answer),
        "basis": list(answer.basis) if answer is not None else list(item.basis),
        "rule": answer.ref if answer is not None else "",
        "machine": answer is not None,
        "sample": item.sample,
        "person": str(next((r.person for r in state.reporters.values() if r.person), "")),
    }
    return {
        "id": str(id_),
        "case_id": str(state.id),
        "number": number,
        "code": code_of(id_),
        "body": body,
        "digest": digest_of(body),
        "issued_at": at.isoformat(),
        "reason": "",
    }


def digest_of(body: dict[str, Any]) -> str:
    """SHA-256 of the contents, in hexadecimal."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def code_of(id_: UUID) -> str:
    """Twelve characters that nobody guesses: an HMAC of the document's id."""
    return b32encode(hmac_sm3(field_key("document"), id_.bytes))[:12].decode()


def issue(state: State, item: Item, at: datetime, *, words: str) -> None:
    """The document of what a person has granted, in the transaction of the move."""
    write([rows([document_row(state, item, None, at, words=words)])])


@transaction.atomic
def revoke(actor: Actor, case: UUID, *, reason: str, at: datetime | None = None) -> None:
    """Takes a document back (撤销), with its reason; it stays readable as revoked."""
    require(actor, "service.manage")
    found = Document.objects.select_for_update().filter(case=case).first()
    if found is None:
        raise NotFound()
    if found.revoked_at is not None:
        raise Conflict(gettext_noop("This is revoked already"))
    if not reason.strip():
        raise Invalid(errors=[FieldError("reason", gettext_noop("This is needed"))])
    found.revoked_at, found.reason = at or now(), reason.strip()[:500]
    found.save()
    append(actor.ref, found.pk, "document.revoked", {"case": str(case), "reason": found.reason})
