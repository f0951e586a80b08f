"""Looking at the reporters of a case unmasked: for a reason, and never without a trace."""

from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied
from shanzhi.cases.actions.common import locked, saved
from shanzhi.cases.state import Change
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.residents.actions import look as look_at


@transaction.atomic
def look(actor: Actor, case: UUID, *, reason: str) -> list[dict[str, Any]]:
    """Names, phones and addresses of the active reporters, unmasked.

    Each look is an entry of the case (`case.looked`) and of each person looked at. Raises NotFound, Denied for
    those without the right to see personal data of this case, Invalid without a reason.
    """
    stored = locked(actor, case)
    party = stored.state.party
    if not scope(actor, "case.view_personal").covers(party.area, (party.org, *party.helpers)):
        raise Denied()
    people = [r for r in stored.state.reporters.values() if r.active and r.person]
    found = [(r.name, look_at(actor, UUID(r.person), reason=reason, case=case)) for r in people]
    facts = {"reason": reason.strip()[:500], "reporters": [name for name, _ in found]}
    saved(actor, stored, Change(facts=facts), "case.looked", now())
    return [{"reporter": n, "name": c.name, "phone": c.phone, "address": c.address} for n, c in found]
