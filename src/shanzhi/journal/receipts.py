"""Answers given under an Idempotency-Key: a repeated write is answered again, not done again.

The receipt is written in the transaction of the write itself. A second request with the same key waits for
the first one to commit and then finds its receipt.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Invalid, Problem, gettext_noop
from shanzhi.journal.tables import Insert, run, write

COLUMNS = ("actor", "key", "request", "answer", "at")
Answer = dict[str, Any]
T = TypeVar("T")
Also = Callable[[T], Sequence[Insert]]


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


def along(
    actor: str, key: str, request: bytes, work: Callable[[Also[T]], T], tell: Callable[[T], Answer]
) -> Answer:
    """Does `work` unless it was done under this key; its answer, which `tell` makes, either way.

    `work` is given what makes the receipt, to be written in the same statement as the work itself. The key is
    not asked for first: whoever repeats a write is stopped by what the first one has changed, or at the
    latest by its receipt, and then finds the answer that was given.
    """
    if not key:
        return tell(work(lambda done: []))
    mark = fingerprint(request)
    told: list[Answer] = []

    def also(done: T) -> Sequence[Insert]:
        told.append(tell(done))
        return [row(actor, key, mark, told[-1])]

    try:
        work(also)
        return told[-1]
    except (IntegrityError, Problem):
        earlier = given(actor, key, mark)
        if earlier is None:
            raise
        return earlier


def once(actor: str, key: str, request: bytes, work: Callable[[], Answer]) -> Answer:
    """The same for work in several statements, in one transaction with its receipt."""

    def whole(also: Also[Answer]) -> Answer:
        with transaction.atomic():
            answer = work()
            write(also(answer))
            return answer

    return along(actor, key, request, whole, lambda answer: answer)
