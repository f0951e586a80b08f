"""A report as it comes in through any door: who reports, what can be kept of him, and the answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, FieldError, Invalid, gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.base.value import dataclass
from shanzhi.cases import actions, links
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.cases.telling import purpose
from shanzhi.journal.receipts import Also, Answer, along
from shanzhi.journal.tables import Insert
from shanzhi.orgs.actor import Actor
from shanzhi.residents import queries as residents
from shanzhi.residents.actions import agree
from shanzhi.residents.actions import rows as people_rows
from shanzhi.residents.person import Contact, row


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report and the contact that came with it, which is kept apart from the case.

    `agreed` is the sentence by which the reporter agreed to text messages about it; empty when he did not.
    """

    report: Report
    contact: Contact = Contact()
    agreed: str = ""


def receive(actor: Actor, incoming: Incoming, *, key: str = "", request: bytes = b"") -> Answer:
    """Opens a case in one statement, once for each Idempotency-Key; what the reporter is answered."""
    [report], people = with_people(actor, [incoming])

    def work(also: Also[State]) -> State:
        with _once():
            if not (incoming.agreed and report.person and incoming.contact.phone):
                return actions.open_case(actor, report, extra=people, also=also)
            with transaction.atomic():
                state = actions.open_case(actor, report, extra=people, also=also)
                agree(
                    actor,
                    UUID(report.person),
                    purpose=purpose(state.id),
                    basis=incoming.agreed,
                    case=state.id,
                )
                return state

    return along(actor.ref, key, request, work, answer)


def receive_many(actor: Actor, incoming: Sequence[Incoming]) -> list[State]:
    """Opens many cases in one statement: all of them or none. Errors name the line, from 0.

    Raises Invalid, or Conflict for a number of the caller's own that is known.
    """
    reports, people = with_people(actor, incoming)
    with _once():
        return actions.open_many(actor, reports, extra=people)


@contextmanager
def _once() -> Iterator[None]:
    """Raises Conflict for a number of the caller's own that he has reported before."""
    try:
        yield
    except IntegrityError as error:
        if "cases_external_once" not in str(error):
            raise
        raise Conflict(gettext_noop("You have reported this number of yours before"), code="known") from error


def with_people(actor: Actor, incoming: Sequence[Incoming]) -> tuple[list[Report], list[Insert]]:
    """The reports with the ids of their reporters, and the rows that keep these."""
    keys, at = residents.keys(), now()
    people: dict[str, dict[str, Any]] = {}
    reports = []
    for number, one in enumerate(incoming):
        if not one.contact:
            reports.append(one.report)
            continue
        try:
            person = row(keys, one.contact, at=at)
        except Invalid as error:
            raise _at_line(error, number if len(incoming) > 1 else None) from error
        people[person["id"]] = person
        reports.append(one.report.by(person["id"]))
    return reports, [people_rows(list(people.values()))] if people else []


def _at_line(error: Invalid, line: int | None) -> Invalid:
    prefix = "contact." if line is None else f"{line}.contact."
    return Invalid(errors=[FieldError(prefix + e.field, e.message, e.facts) for e in error.errors])


def answer(state: State) -> Answer:
    """What a reporter is told: the number to quote, the link to follow, and until when it is promised."""
    due = state["due_at"]
    return {
        "id": str(state.id),
        "number": format_number(state["number"]),
        "state": state["state"],
        "area": state["area"],
        "urgency": state["urgency"],
        "org": state["org"],
        "due_at": due.isoformat() if due else None,
        "link": links.path(state.id),
    }
