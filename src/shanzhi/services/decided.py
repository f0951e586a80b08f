"""Applications as their rule decided them, on the very facts that it had: what a draft of a rule is tried on.

The administration finds this module by its name. Names are masked; that the facts were read is written down by whoever
asks (`rule.compared`).
"""

from uuid import UUID

from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.residents import queries as residents
from shanzhi.residents.queries import facts
from shanzhi.rules.comparing import Past
from shanzhi.services.models import Application
from shanzhi.services.queries.applications import day_of, stood
from shanzhi.services.review import given_to


def past(rule: str, limit: int) -> list[Past]:
    """The newest applications that were sent under any version of a rule; four statements however many."""
    found = list(Application.objects.filter(rule__startswith=f"{rule}@").order_by("-sent_at")[:limit])
    if not found:
        return []
    values = facts.by_ids({UUID(id_) for one in found for id_ in one.facts.values()})
    states = cases.states_of([one.case for one in found])
    masked = residents.masked({one.person for one in found})
    made = []
    for one in found:
        day = day_of(one)
        name = masked[one.person].name if one.person in masked else ""
        number = format_number(states[one.case]["number"])
        made.append(Past(f"{number} {name}".strip(), given_to(stood(one.facts, values, day)), day))
    return made
