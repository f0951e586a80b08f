"""What is asked for and waits for my decision: extensions, suspensions, sendings back, voidings, consultations."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shanzhi.base.errors import Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import actions, queries, types
from shanzhi.cases.state import Request, State
from shanzhi.cases.who import Who
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.forms import DecideForm
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.web import names

MOST = 100


def approvals(request: HttpRequest) -> HttpResponse:
    """The list, the longest waiting first; each with its own small form, a decision leads back to the list."""
    actor = at_work(request)
    bound: tuple[str, DecideForm] | None = None
    status = 200
    if request.method == "POST":
        name = request.POST.get("form", "")
        form = DecideForm(request.POST, prefix=name)
        problem = decided(actor, name, form)
        if problem is None and not form.errors:
            messages.success(request, _("Decided."))
            return redirect("approvals")
        bound, status = (name, form), problem.status if problem else 422
    rows = list(waiting(actor, bound))
    lost = bound[1] if bound and bound[0] not in {row["name"] for row in rows} else None
    context = {"rows": rows, "lost": lost, "here": "approvals"}
    return render(request, "desk/approvals.html", context, status=status)


def decided(actor: Actor, name: str, form: DecideForm) -> Problem | None:
    """Does what the form `<case>.<request>` says; what is wrong is put on the form."""
    case, _dot, request = name.partition(".")
    if not form.is_valid():
        return None
    granted, words = form.cleaned_data["granted"] == "yes", form.cleaned_data["decision"]
    try:
        once(
            actor.ref,
            form.idempotency_key,
            form.mark(name),
            lambda: answered(actions.decide(actor, UUID(case), request, granted=granted, decision=words)),
        )
    except Problem as error:
        form.refuse(error)
        return error
    except ValueError:
        form.add_error(None, _("There is nothing to decide, or it has been decided"))
    return None


def waiting(actor: Actor, bound: tuple[str, DecideForm] | None = None) -> Iterator[dict[str, Any]]:
    """Each request that the actor may decide, in words, with its form. Nobody decides what he asked for."""
    found = queries.asked(actor, but_by=actor.ref, limit=MOST)
    people = names.names(request.asked_by for _state, request in found)
    for state, request in found:
        if may_decide(actor, state, request):
            name = f"{state.id}.{request.name}"
            yield {
                "name": name,
                "form": bound[1] if bound and bound[0] == name else DecideForm(prefix=name),
                "case": state.id,
                "number": format_number(state["number"]),
                "title": state["title"],
                "kind": names.word(names.SIDE, request.kind),
                "by": people.actor(request.asked_by),
                "org": people.org(request.org),
                "request": request,
                "hours": request.seconds // 3600 if request.seconds else None,
                "orgs": "、".join(people.org(one) for one in request.orgs),
            }


def may_decide(actor: Actor, state: State, request: Request) -> bool:
    type_ = types.version(state["type"], state["type_version"])
    side = next((one for kind, one in type_.sides.items() if kind == request.kind), None)
    return side is not None and Who.parse(side.approve).admits(actor, state.party)
