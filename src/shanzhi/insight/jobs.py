"""The reader that keeps the facts: whatever touches a case has its row made again from the view."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from shanzhi.insight import sums
from shanzhi.insight.models import Fact
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.journal.tables import run

COLUMNS = [str(field.column) for field in Fact._meta.concrete_fields]
KEEP = f"""WITH before AS (SELECT {", ".join(COLUMNS)} FROM insight_fact WHERE case_id = ANY(%s::uuid[])),
after AS (SELECT {", ".join(COLUMNS)} FROM insight_case WHERE case_id = ANY(%s::uuid[])),
kept AS (INSERT INTO insight_fact ({", ".join(COLUMNS)}) SELECT * FROM after
    ON CONFLICT (case_id) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in COLUMNS[1:])}),
heat AS ({sums.heated("(SELECT day, area, -1 AS n FROM before UNION ALL SELECT day, area, 1 FROM after)")})
{sums.added(f"({sums.rows('before', -1)} UNION ALL {sums.rows('after')})")}"""


def keep(entries: Sequence[Entry]) -> None:
    refresh({entry.stream for entry in entries if entry.kind.startswith("case.")})


def refresh(cases: Iterable[UUID]) -> None:
    """Makes the rows of these cases again, and moves the sums by the difference."""
    if wanted := [str(case) for case in cases]:
        run(KEEP, [wanted, wanted])


READERS = [Reader("insight", keep)]
