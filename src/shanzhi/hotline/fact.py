"""What the ranking knows of one case. Pure: from the case as it stands."""

from datetime import date
from typing import Any

from shanzhi.base.clock import BEIJING
from shanzhi.cases.state import Rating, State

JUDGED = ("accept", "dispatch", "contact", "handle", "case")
HEARD = ("reporter", "call")


def heard(state: State) -> Rating | None:
    """The latest word of the reporter, by himself or in a follow-up call."""
    said = [rating for rating in state.ratings.values() if rating.source in HEARD]
    return max(said, key=lambda rating: rating.at, default=None)


def breached(state: State) -> bool:
    return any(clock.breached_at is not None for clock in state.clocks.values() if clock.kind in JUDGED)


def _day(moment: Any) -> date | None:
    return moment.astimezone(BEIJING).date() if moment is not None else None


def row(state: State, exclusion: tuple[str, str] | None) -> dict[str, Any]:
    """The columns of `hotline_fact`; `exclusion` is (ground, status) of what is asked for or granted."""
    rating = heard(state)
    ground, status = exclusion or ("", "")
    return {
        "case_id": str(state.id),
        "type": state["type"],
        "opened_day": str(_day(state["opened_at"])),
        "closed_day": str(day) if (day := _day(state["closed_at"])) else None,
        "area": state["area"],
        "org": state["org"],
        "category": state["category"],
        "channel": state["channel"],
        "open": state["open"],
        "merged": state["merged_into"] is not None,
        "contacted": rating.contacted if rating else None,
        "solved": rating.solved if rating else None,
        "satisfied": rating.satisfied if rating else None,
        "breached": breached(state),
        "reworks": state["reworks"],
        "excluded": ground if status == "approved" else "",
        "pending": status == "proposed",
    }
