"""Answers given under an Idempotency-Key: a repeated write is answered again, not done again.

The receipt is written in the transaction of the write itself. A second request with the same key waits for
the first one to commit and then finds its receipt.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.journal.tables import Insert, run

COLUMNS = ("actor", "key", "request", "answer", "at")
Answer = dict[str, Any]


def fingerprint(request: bytes) -> str:
    """What tells one request under a key from another."""
    return hashlib.sha256(request).hexdigest()


def row(actor: str, key: str, request: str, answer: Answer) -> Insert:
    """A receipt as a part of a larger statement; raises IntegrityError there if the key was used before."""
    values = {"actor": actor, "key": key, "request": request, "answer": answer, "at": now().isoformat()}
    return Insert("journal_receipt", COLUMNS, [values])


def given(actor: str, key: str, request: str) -> Answer | None:
    """The answer given before under this key; raises Invalid when it was for another request."""
    sql = "SELECT request, answer FROM journal_receipt WHERE actor = %s AND key = %s"
    rows = run(sql, [actor, key])
    if not rows:
        return None
    if rows[0][0] != request:
        raise Invalid(gettext_noop("This Idempotency-Key was used for another request"), code="key_reused")
    answer: Answer = rows[0][1]
    return answer


def once(actor: str, key: str, request: bytes, work: Callable[[], Answer]) -> Answer:
    """Does `work` unless it was done under this key, in one transaction; its answer either way."""
    if not key:
        return work()
    mark = fingerprint(request)
    with transaction.atomic():
        claim = """INSERT INTO journal_receipt (actor, key, request, answer, at)
            VALUES (%s, %s, %s, 'null', %s) ON CONFLICT DO NOTHING RETURNING 1"""
        if not run(claim, [actor, key, mark, now()]):
            earlier = given(actor, key, mark)
            assert earlier is not None
            return earlier
        answer = work()
        save = "UPDATE journal_receipt SET answer = %s::jsonb WHERE actor = %s AND key = %s"
        run(save, [orjson.dumps(answer).decode(), actor, key])
        return answer
