"""Telling the readers that something was written.

PostgreSQL serialises commits that notify, so a busy process notifies at most every 50 ms; a reader once
woken looks again for a while, and every second in any case.
"""

import threading
import time

from django.db import connection

CHANNEL = "journal"
PAUSE = 0.05

_lock = threading.Lock()
_last = 0.0


def wake() -> None:
    """Wakes the readers, unless this process has done so within the last 50 ms."""
    global _last
    with _lock:
        moment = time.monotonic()
        if moment - _last < PAUSE:
            return
        _last = moment
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
