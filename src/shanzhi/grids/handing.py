"""Leave begins (休假交接): the open cases that lie with somebody are handed over on that day, by ordinary moves.

They go to whoever stands in for him, where the leave names one who works in the organisation and is there himself;
else back to the team. Each leave is handed over once: who comes back gets nothing back by itself, and what somebody
gives him by hand while he is away stays with him. What no move of its type lets go stays, and is listed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from shanzhi.base.errors import Problem, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases import types
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.queries import visible_to
from shanzhi.cases.who import Who
from shanzhi.cases.workflow import Inputs
from shanzhi.grids.models import Handover
from shanzhi.journal.tables import run
from shanzhi.orgs import posted
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.posting import Away

log = logging.getLogger(__name__)
PLATFORM = Actor.system("grids")
TO_SUBSTITUTE = gettext_noop(
    "The person it lay with is on leave until %(until)s: it goes to whoever stands in for him"
)
TO_TEAM = gettext_noop("The person it lay with is on leave until %(until)s: it goes back to the team")
COLUMNS = ("id", "type", "type_version", "state", "version", "area", "org")
_ONCE = """INSERT INTO grids_handover (leave_id, at, account, substitutes, team, stayed) VALUES (%s, %s, %s, 0, 0, 0)
    ON CONFLICT DO NOTHING RETURNING 1"""
Row = dict[str, Any]


@dataclass
class Went:
    """Where the cases of one leave went, and whether somebody held one so that it is to be tried again."""

    substitutes: int = 0
    team: int = 0
    stayed: int = 0
    held: bool = False


def way(type_: CaseType, state: str, sets: str) -> str | None:
    """The move by which the platform gives a case in this state to another person, or back to the team."""
    for name in type_.leaving.get(state, ()):
        move = type_.moves[name]
        plain = set(move.needs) <= {"person"} and not any(spec.required for spec in move.fields.values())
        if move.sets == sets and plain and Who.parse(move.who).admits_system():
            return name
    return None


def hand_over(day: date, at: datetime) -> int:
    """Hands over for every leave that runs on a day and has not been handed over; how many cases went."""
    running = posted.running(day)
    done = set(Handover.objects.filter(leave__in=[pk for pk, _ in running]).values_list("leave", flat=True))
    return sum(_begun(pk, leave, day, at) for pk, leave in running if pk not in done)


@transaction.atomic
def _begun(pk: int, leave: Away, day: date, at: datetime) -> int:
    """One leave, by whoever comes first: the other waits for the row, and finds it there."""
    if not run(_ONCE, [pk, at, leave.account]):
        return 0
    went, stands_in = Went(), leave.substitute
    if stands_in is not None and posted.away([stands_in], day):
        stands_in = None
    posts = [post.area for post in posted.posts_of(leave.account, day)]
    mine = visible_to(PLATFORM).filter(person=leave.account, open=True).order_by("id")
    for row in list(mine.values(*COLUMNS)):
        there = not posts or any(row["area"].startswith(area) for area in posts)
        _handed(row, leave, stands_in if there else None, at, went)
    if went.held:  # what went has gone; the rest is tried again at the next turn
        Handover.objects.filter(pk=pk).delete()
    else:
        Handover.objects.filter(pk=pk).update(
            substitutes=went.substitutes, team=went.team, stayed=went.stayed
        )
    return went.substitutes + went.team


def _handed(row: Row, leave: Away, substitute: int | None, at: datetime, went: Went) -> None:
    """The one move or the other; what neither lets go stays where it is."""
    type_ = types.version(row["type"], row["type_version"])
    tried: Sequence[tuple[str | None, int | None]] = (
        (way(type_, row["state"], "person") if substitute is not None else None, substitute),
        (way(type_, row["state"], "nobody"), None),
    )
    for move, person in tried:
        if move is not None and _moved(row, move, person, leave, at, went):
            went.substitutes += person is not None
            went.team += person is None
            return
    went.stayed += 1


def _moved(row: Row, move: str, person: int | None, leave: Away, at: datetime, went: Went) -> bool:
    message = TO_SUBSTITUTE if person is not None else TO_TEAM
    facts = {
        "why": [{"message": message, "facts": {"until": leave.last.isoformat()}}],
        "team": person is None,
    }
    case: UUID = row["id"]
    try:
        with transaction.atomic():
            cases.move(
                PLATFORM, case, move, inputs=Inputs(person=person), seen=row["version"], at=at, facts=facts
            )
    except Problem as error:
        log.info("the case %s was not handed over by %s: %s", case, move, error)
        went.held |= error.code == "stale"  # somebody was faster: it is looked at again
        return False
    except DatabaseError:
        log.exception("the case %s was held while it was handed over", case)
        went.held = True
        return False
    return True
