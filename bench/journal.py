"""The journal: a reader following a steady stream, catching up, and verification, in one run.

Run: make bench NAME=journal. A writer in a process of its own appends 5,000 entries a second while a reader
follows, asked after every batch how old the oldest unread entry is; then a reader that does nothing catches up
from the start, beside a bare `SELECT … ORDER BY` of the same rows; then everything is verified.
"""

import subprocess
import sys
import time
from collections.abc import Sequence

from bench import stand

PER_SECOND = 5_000
SECONDS = 8
BATCH = 100
BEHIND = """SELECT extract(epoch FROM clock_timestamp() - min(e.at))::float
    FROM journal_entry e, journal_readerposition r
    WHERE r.name = 'bench' AND (e.xact, e.id) > (r.xact, r.entry)"""


def write() -> None:
    """A process of its own: appends entries in batches at a steady pace until it is ended."""
    import django

    django.setup()
    from shanzhi.base.clock import now
    from shanzhi.base.ids import new_id
    from shanzhi.journal.actions import rows
    from shanzhi.journal.entry import NO_HASH, Entry
    from shanzhi.journal.tables import write as save

    facts = {"facts": {"words": "已到现场清理完毕。" * 5, "public": True}}
    began, written = time.perf_counter(), 0
    while True:
        made = [
            Entry(new_id(), new_id(), 1, "test.said", "510107", now(), "system", facts) for _ in range(BATCH)
        ]
        save([rows([entry.sealed(NO_HASH) for entry in made])])
        written += BATCH
        time.sleep(max(0.0, written / PER_SECOND - (time.perf_counter() - began)))


def main() -> None:
    stand.home()
    stand.district()
    from shanzhi.cases.verifying import verify
    from shanzhi.journal.entry import Entry
    from shanzhi.journal.follow import Reader, catch_up, step
    from shanzhi.journal.tables import run

    def nothing(entries: Sequence[Entry]) -> None: ...

    reader = Reader("bench", nothing)
    catch_up(reader)
    writer = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "bench.journal", "write"])
    try:
        time.sleep(3)
        read, behind, worst = catch_up(reader), 0.0, 0.0
        began = time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            read += (moved := step(reader))
            [(behind,)] = run(BEHIND, [])
            worst = max(worst, behind or 0.0)
            time.sleep(0 if moved else 0.01)
        took = time.perf_counter() - began
    finally:
        writer.terminate()
        writer.wait()
    followed = read / took
    catch_up(reader)
    again, began = Reader("bench-again", nothing), time.perf_counter()
    count = catch_up(again)
    follow = count / (time.perf_counter() - began)
    began = time.perf_counter()
    run(
        "SELECT id, stream, seq, kind, county, at, actor, data, hash, xact FROM journal_entry ORDER BY xact, id",
        [],
    )
    bare = count / (time.perf_counter() - began)
    began = time.perf_counter()
    report = verify()
    verified = report.entries / (time.perf_counter() - began)
    assert not report.found
    rows = {
        "limit: bare SELECT in order": bare,
        "catching up": follow,
        "verify": verified,
        "written and followed": followed,
    }
    stand.show("journal", rows, {"ratio": follow / bare}, worst_lag_s=round(worst, 3), entries=count)


if __name__ == "__main__":
    write() if sys.argv[1:] == ["write"] else main()
