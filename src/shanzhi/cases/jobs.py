"""What follows from what happens to cases: those concerned are told, its words are kept for the search."""

from collections.abc import Sequence
from datetime import timedelta

from shanzhi.base.clock import now
from shanzhi.cases import search
from shanzhi.cases.messages import messages
from shanzhi.cases.queries import states_of
from shanzhi.cases.ticker import TICKERS
from shanzhi.cases.writing import letters
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.notices.actions import tell, write_to

NEWS = timedelta(days=7)


def notify(entries: Sequence[Entry]) -> None:
    """Puts a notice into the inbox of everybody concerned; the one who did it is not told of it.

    What an import brings of years ago is no news.
    """
    recent = now() - NEWS
    ours = [entry for entry in entries if entry.kind.startswith("case.") and entry.at > recent]
    states = states_of(list({entry.stream for entry in ours}))
    known = [(entry, states[entry.stream]) for entry in ours if entry.stream in states]
    tell([message for entry, state in known for message in messages(entry, state)])
    write_to(letters(known))


READERS = [Reader("notices", notify), Reader("search", search.keep)]
__all__ = ["READERS", "TICKERS"]
