"""Case numbers, taken from the database's sequence in blocks so that most cases cost no statement for theirs.

Numbers rise but may leave gaps: a block that a process did not use up is lost when it ends.
"""

import threading
from collections import deque

from shanzhi.journal.tables import run

BLOCK = 50
_lock = threading.Lock()
_free: deque[int] = deque()


def take(count: int = 1) -> list[int]:
    """`count` numbers that no other case has or will have."""
    with _lock:
        if len(_free) < count:
            sql = "SELECT nextval('cases_number') FROM generate_series(1, %s)"
            _free.extend(row[0] for row in run(sql, [count - len(_free) + BLOCK]))
        return [_free.popleft() for _ in range(count)]
