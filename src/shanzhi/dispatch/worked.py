"""What everybody has finished, by day, in minutes that such work is expected to take; from the entries of cases."""

from collections.abc import Sequence
from datetime import date

from shanzhi.base.clock import BEIJING
from shanzhi.cases.queries import states_of
from shanzhi.dispatch.setting import Setting
from shanzhi.journal.entry import Entry
from shanzhi.journal.tables import run

ADD = """INSERT INTO dispatch_worked (account, day, tasks, minutes) VALUES (%s, %s, %s, %s)
    ON CONFLICT (account, day) DO UPDATE SET tasks = dispatch_worked.tasks + excluded.tasks,
    minutes = dispatch_worked.minutes + excluded.minutes"""


def add(entries: Sequence[Entry], found: Setting) -> None:
    """Counts the moves by which somebody has ended his work on a case, for the one who made them."""
    states = states_of(list({entry.stream for entry in entries}))
    sums: dict[tuple[int, date], tuple[int, float]] = {}
    for entry in entries:
        state, facts = states.get(entry.stream), entry.data.get("facts", {})
        kind = found.by_type.get(state["type"]) if state else None
        if state is None or kind is None or not entry.actor.startswith("account:"):
            continue
        if facts.get("from") in kind.working and facts.get("to") not in (*kind.working, *kind.waiting):
            key = (int(entry.actor.removeprefix("account:")), entry.at.astimezone(BEIJING).date())
            tasks, minutes = sums.get(key, (0, 0.0))
            sums[key] = (tasks + 1, minutes + found.expected(state["category"]))
    for (account, day), (tasks, minutes) in sorted(sums.items()):
        run(ADD, [account, day, tasks, minutes])
