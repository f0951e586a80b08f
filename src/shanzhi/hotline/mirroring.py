"""Other platforms whose orders are mirrored: what is told of one, in their words and under their number."""

from collections.abc import Sequence
from typing import Any

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.base.masking import masked
from shanzhi.cases.queries import states_of
from shanzhi.cases.state import State
from shanzhi.hotline.models import Order
from shanzhi.hotline.queries.settings import setting
from shanzhi.journal.entry import Entry
from shanzhi.notices.queries import endpoints
from shanzhi.notices.sending import put, row
from shanzhi.notices.webhooks import NEWS

KIND = "hotline.order"
TOLD = (
    "case.opened",
    "case.moved",
    "case.decided",
    "case.merged",
    "case.rated",
    "case.promised",
    "case.clock",
)


def tell_platforms(entries: Sequence[Entry]) -> None:
    """A message for each entry of a mirrored case, to every endpoint that asks for `hotline.order`."""
    at = now()
    recent = [entry for entry in entries if entry.kind in TOLD and entry.at > at - NEWS]
    orders = {order.case: order for order in Order.objects.filter(case__in={e.stream for e in recent})}
    if not orders:
        return
    wanting = [one.pk for one in endpoints() if one.active and KIND in one.kinds]
    states = states_of(list(orders))
    put(
        [
            row("webhook", e.id, KIND, e.stream, said(orders[e.stream], states[e.stream], e), at, endpoint=pk)
            for e in recent
            if e.stream in states
            for pk in wanting
        ]
    )


def said(order: Order, state: State, entry: Entry | None = None) -> dict[str, Any]:
    """How an order stands: their number and ours, their word for the state, both clocks, the result."""
    platform = setting().platforms.get(order.platform)
    words = platform.states if platform else {}
    facts = entry.data.get("facts", {}) if entry else {}
    return {
        "number": order.number,
        "platform": order.platform,
        "case": str(state.id),
        "our_number": format_number(state["number"]),
        "state": state["state"],
        "status": words.get(state["state"], state["state"]),
        "open": state["open"],
        "org": state["org"],
        "their_due_at": order.due_at.isoformat() if order.due_at else None,
        "due_at": state["due_at"].isoformat() if state["due_at"] else None,
        "closed_at": state["closed_at"].isoformat() if state["closed_at"] else None,
        **({"event": entry.kind, "seq": entry.seq, "at": entry.at.isoformat()} if entry else {}),
        **{name: masked(str(facts[name])) for name in ("move", "result", "reason") if facts.get(name)},
    }
