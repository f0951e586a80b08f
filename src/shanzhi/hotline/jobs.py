"""What follows: facts and call-backs are kept, alarms are told, other platforms hear of their orders, reports."""

from collections.abc import Sequence
from uuid import UUID

from shanzhi.hotline import alarms, mirroring
from shanzhi.hotline.actions.keeping import refresh
from shanzhi.hotline.actions.reporting import on_schedule
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader


def keep(entries: Sequence[Entry]) -> None:
    """Whatever touches a case or its exclusion has its rows made again."""
    cases = {entry.stream for entry in entries if entry.kind.startswith("case.")}
    refresh(cases | {UUID(e.data["case"]) for e in entries if e.kind.startswith("hotline.exclusion")})


def alarm(entries: Sequence[Entry]) -> None:
    alarms.tell_people([entry for entry in entries if entry.kind in alarms.KINDS])


READERS = [
    Reader("hotline", keep),
    Reader("hotline-alarms", alarm, kinds=alarms.KINDS),
    Reader("hotline-orders", mirroring.tell_platforms),
]
TICKERS = [on_schedule]
