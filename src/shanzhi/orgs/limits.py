"""Rate limits: token buckets in PostgreSQL, so that all processes share them.

A bucket holds at most one minute's worth of tokens and is filled evenly. Taking from it is one statement.
A client with a key takes a twentieth of a minute at a time and spends it in its process: a busy client
costs next to nothing, and the limit holds to within a twentieth per process.
"""

import random
import time
from threading import Lock

from django.db import connection

TAKE = """
INSERT INTO orgs_bucket AS b (key, tokens, at) VALUES (%(key)s, %(full)s - %(n)s, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET at = clock_timestamp(), tokens = LEAST(
    %(full)s, b.tokens + %(per_second)s * EXTRACT(EPOCH FROM clock_timestamp() - b.at)) - %(n)s
WHERE LEAST(%(full)s, b.tokens + %(per_second)s * EXTRACT(EPOCH FROM clock_timestamp() - b.at)) >= %(n)s
RETURNING tokens"""
FORGET = "DELETE FROM orgs_bucket WHERE at < clock_timestamp() - interval '1 hour'"
FORGET_ONE_IN = 1000
USED = "UPDATE orgs_client SET used_at = clock_timestamp() WHERE id = %s"
NOTE_SECONDS = 300.0

_purses: dict[str, int] = {}
_noted: dict[int, float] = {}
_lock = Lock()


def allow(key: str, *, per_minute: int, n: int = 1) -> bool:
    """Takes `n` tokens from the bucket of `key`, or none and returns False when there are not enough."""
    values: dict[str, str | int | float] = {
        "key": key[:128],
        "n": n,
        "full": float(per_minute),
        "per_second": per_minute / 60,
    }
    with connection.cursor() as cursor:
        if (
            random.randrange(FORGET_ONE_IN) == 0
        ):  # full buckets say nothing; a few statements keep the table small
            cursor.execute(FORGET)
        cursor.execute(TAKE, values)
        return cursor.fetchone() is not None


def allow_often(key: str, *, per_minute: int) -> bool:
    """Like `allow` for one token, for callers that come often: it takes many at once and keeps the rest."""
    with _lock:
        left = _purses.get(key, 0)
        if left > 0:
            _purses[key] = left - 1
            return True
    many = max(1, per_minute // 20)
    if many > 1 and allow(key, per_minute=per_minute, n=many):
        with _lock:
            _purses[key] = _purses.get(key, 0) + many - 1
        return True
    return allow(key, per_minute=per_minute)


def note_use(client: int) -> None:
    """Notes that a client has called; each process at most every five minutes, so that calls stay cheap."""
    moment = time.monotonic()
    if moment - _noted.get(client, -NOTE_SECONDS) >= NOTE_SECONDS:
        _noted[client] = moment
        with connection.cursor() as cursor:
            cursor.execute(USED, [client])


def forget() -> None:
    """Empties what this process keeps in hand."""
    with _lock:
        _purses.clear()
        _noted.clear()
