"""The catalogue: searching services, and the page of one of them as it is for whoever reads it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanzhi.base.errors import NotFound, NotSignedIn
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import orgs
from shanzhi.residents import queries as residents
from shanzhi.residents.fact import Known
from shanzhi.residents.queries import facts
from shanzhi.rules.evaluate import Rule
from shanzhi.services.actions import drafting
from shanzhi.services.form import wanted
from shanzhi.services.item import KINDS, Item
from shanzhi.services.queries import applications, catalogue
from shanzhi.services.review import Need, needed
from shanzhi.web import facts as words
from shanzhi.web.names import titled

PAGE = 30


def services(request: HttpRequest) -> HttpResponse:
    """All services, or those that words and filters find."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("words", "life", "kind", "audience")}
    found = catalogue.search(
        asked["words"], kind=asked["kind"], life=asked["life"], audience=asked["audience"]
    )
    number = _page(request)
    rows = [row(item) for item in found[(number - 1) * PAGE : number * PAGE]]
    context = {
        "asked": asked,
        "rows": rows,
        "count": len(found),
        "occasions": catalogue.occasions()[:14],
        "kinds": [(code, titled(title)) for code, title in KINDS.items()],
        "before": number - 1,
        "after": number + 1 if len(found) > number * PAGE else 0,
        "here": "services",
    }
    return render(request, "portal/services/list.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def row(item: Item) -> dict[str, Any]:
    """A service in a list."""
    return {
        "code": item.code,
        "name": titled(item.name),
        "says": titled(item.says),
        "kind": titled(KINDS[item.kind]),
        "org": "" if item.org == "street" else orgs().get(item.org, item.org),
        "promised": words.limit(item.promised),
        "instant": item.instant,
        "open": item.open,
    }


def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service: who may have it and why, what to bring (less what we hold), how long, where, by which law."""
    actor, item = actor_from(request), catalogue.item(code.upper())
    rule, known = catalogue.rule(item), _known(actor, item)
    needs = needed(item, facts.types(), known)
    context = {
        "item": item,
        "row": row(item),
        "org": row(item)["org"] or _("The office of your street"),
        "conditions": conditions(item, rule),
        "needs": [material(need) for need in needs],
        "spared": sum(need.proved for need in needs),
        "known": bool(known),
        "relatives": _relatives(actor),
        "policy": request.GET.get("policy", ""),
        "legal": words.limit(item.legal),
        "mine": [one for one in applications.of_person(actor) if one.item == item.code][:3],
        "here": "services",
    }
    return render(request, "portal/services/item.html", context)


def _known(actor: Actor, item: Item) -> dict[str, Known]:
    """What we hold of whoever is signed in, as far as this service has to do with it."""
    person = residents.own(actor)
    if person is None:
        return {}
    return facts.of(person, wanted(item, catalogue.rule(item), facts.types()))


def _relatives(actor: Actor) -> list[dict[str, Any]]:
    """Those of one's household for whom one may apply, masked."""
    own = residents.own(actor)
    known = facts.relatives(own) if own is not None else {}
    masked = residents.masked(known)
    return [{"id": id_, "name": masked[id_].name, "relation": known[id_]} for id_ in known if id_ in masked]


def conditions(item: Item, rule: Rule | None) -> list[dict[str, str]]:
    """Each condition in plain words with its article."""
    if rule is None:
        return []
    if rule.reading.expression is not None:
        parts: list[Any] = rule.reading.leaves()
    else:
        parts = list(rule.spec.rows)
    found = [
        {"says": titled(part.reason), "basis": part.basis or item.basis[0]} for part in parts if part.reason
    ]
    return list({one["says"]: one for one in found}.values())


def material(need: Need) -> dict[str, Any]:
    """A material on a page."""
    forms = {
        "original": _("Original"),
        "copy": _("Copy"),
        "original_copy": _("Original and copy"),
        "digital": _("File"),
        "filled": _("Form, filled in"),
    }
    one = need.material
    return {
        "key": one.key,
        "name": one.name,
        "form": forms[one.form],
        "count": one.count,
        "issuer": one.issuer,
        "note": one.note,
        "optional": one.optional,
        "needed": need.needed,
        "proved": need.proved,
        "given": need.given,
        "conditional": bool(one.when),
    }


def _policy(text: str) -> UUID | None:
    """The policy whose letter led here, if any."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _behalf(actor: Actor, request: HttpRequest) -> drafting.Behalf | None:
    """For whom somebody applies, if not for himself: one of his household, by an authority that he states."""
    person = _policy(request.POST.get("person", ""))
    if person is None:
        return None
    if person not in facts.relatives(drafting.own_person(actor)):
        raise NotFound()
    return drafting.Behalf(person, request.POST.get("authority", "")[:200])


@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begins a form, or goes on with the one begun."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    draft = drafting.begin(
        actor, code.upper(), behalf=_behalf(actor, request), policy=_policy(request.POST.get("policy", ""))
    )
    return redirect("draft", draft.pk)
