"""One matter, several reports: joining, merging duplicates (并案) and undoing it, splitting."""

from shanzhi.base.errors import Conflict, gettext_noop
from shanzhi.base.value import replace
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.moment import Moment
from shanzhi.cases.state import Change, Reporter, State
from shanzhi.cases.timing import earliest, resumed, suspended


def joined(state: State, reporter: Reporter, *, caller: bool = False) -> Change:
    """One more reporter of the same matter; an account joins once only, and so does a `caller`.

    Whoever comes by himself is not told whether somebody with his name and phone has reported it.
    """
    known = [r for r in state.reporters.values() if r.active]
    again = any(_same(r.account, reporter.account) for r in known)
    if again or (caller and any(_same(r.person, reporter.person) for r in known)):
        raise Conflict(gettext_noop("You have reported this already"), code="joined_already")
    named = replace(reporter, name=f"r{len(state.reporters) + 1}")
    return Change(reporters={named.name: named}, facts={"joined": named.name})


def _same(one: int | str | None, other: int | str | None) -> bool:
    return one is not None and one == other


def merged(duplicate: State, main: State, moment: Moment) -> tuple[Change, Change]:
    """What merging changes in the duplicate and in the main case, whose answer reaches all the reporters.

    Raises Conflict when either is merged already or the same case is meant twice.
    """
    if duplicate.id == main.id or duplicate["merged_into"] or main["merged_into"] or not main["open"]:
        raise Conflict(gettext_noop("These two cannot be merged: one of them is merged or closed already"))
    resting = suspended(duplicate, moment.at, moment, "merged")
    columns = {"merged_into": main.id, "open": False, "version": duplicate["version"] + 1, "due_at": None}
    prefix = f"m{duplicate['number']}-"
    coming = {
        prefix + name: replace(r, name=prefix + name, origin=r.origin or str(duplicate.id))
        for name, r in duplicate.reporters.items()
        if r.active
    }
    there = Change(columns, clocks=resting, facts={"merged_into": main["number"]})
    here = Change({"version": main["version"] + 1}, reporters=coming, facts={"took_in": duplicate["number"]})
    return there, here


def parted(type_: CaseType, duplicate: State, main: State, moment: Moment) -> tuple[Change, Change]:
    """What undoing a merge changes in both."""
    if duplicate["merged_into"] != main.id:
        raise Conflict(gettext_noop("These two are not merged"))
    if main["merged_into"]:  # where its reporters, and those it took in, are told of the answer
        raise Conflict(gettext_noop("The other was merged into a third itself: undo that first"))
    running = resumed(duplicate, moment)
    columns = {
        "merged_into": None,
        "open": type_.states[duplicate["state"]].open,
        "version": duplicate["version"] + 1,
        "due_at": earliest({**duplicate.clocks, **running}),
    }
    prefix = f"m{duplicate['number']}-"
    leaving = {n: replace(r, active=False) for n, r in main.reporters.items() if n.startswith(prefix)}
    there = Change(columns, clocks=running, facts={"parted_from": main["number"]})
    here = Change({"version": main["version"] + 1}, reporters=leaving, facts={"let_go": duplicate["number"]})
    return there, here
