"""A group in a form: the list of its members, and one member a page. Without script, by keyboard alone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import Invalid, NotFound, Problem
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.portal.services.questions import MemberForm, typed
from shanzhi.residents import queries as residents
from shanzhi.residents.fact import FactType
from shanzhi.residents.queries import facts
from shanzhi.services.actions import drafting, members
from shanzhi.services.actions.drafting import Draft
from shanzhi.services.actions.members import TAKEN
from shanzhi.services.queries import catalogue
from shanzhi.web.facts import member
from shanzhi.web.forms import Sent
from shanzhi.web.names import titled


@never_cache
def listed(request: HttpRequest, id_: UUID, key: str) -> HttpResponse:
    """The members so far: add one, change or remove one, take over those of the register, or say that these are all."""
    actor = actor_from(request)
    one = drafting.of(actor, id_)
    type_ = members.group(one, key)
    if request.method == "POST":
        try:
            done = _done(actor, one, key, request)
        except Problem as error:
            messages.warning(request, Sent.sentence(error))
            done = False
        return redirect("draft", id_) if done else redirect("draft_members", id_, key)
    return render(request, "portal/services/members.html", _context(one, key, type_))


def _done(actor: Actor, one: Draft, key: str, request: HttpRequest) -> bool:
    """Does what a button says; whether the list is whole now."""
    given = request.POST
    seen = _number(given.get("seen", ""))
    if "drop" in given:
        members.drop(actor, one.pk, key, _number(given["drop"]) - 1, seen=seen)
        return False
    if "take" in given:
        members.take_over(actor, one.pk, key, seen=seen)
        return False
    members.close(actor, one.pk, key, seen=seen)
    return True


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _context(one: Draft, key: str, type_: FactType) -> dict[str, Any]:
    rows = members.rows_of(one, key)
    shown = [
        {
            "number": number,
            "says": member(type_, _typed(type_, row)),
            "missing": [titled(type_.members[name].title) for name in members.missing(type_, row)],
            "taken": bool(row.get(TAKEN)),
        }
        for number, row in enumerate(rows, 1)
    ]
    known = residents.masked(facts.relatives(one.person)) if type_.household and not rows else {}
    return {
        "draft": one, "key": key, "type": type_, "name": drafting.title(one), "rows": shown,
        "title": titled(type_.question or type_.title), "each": titled(type_.each, ""),
        "full": len(rows) >= type_.most, "next": len(rows) + 1, "known": [each.name for each in known.values()],
        "whole": len(rows) >= type_.least and not any(row["missing"] for row in shown), "here": "services",
    }  # fmt: skip


def _typed(type_: FactType, row: dict[str, Any]) -> dict[str, Any]:
    """A member as he was kept, in the types of the registry."""
    return {key: one.read(row[key]) for key, one in type_.members.items() if row.get(key) not in (None, "")}


@never_cache
def one(request: HttpRequest, id_: UUID, key: str, number: int) -> HttpResponse:
    """One member: all that is asked of him on one page."""
    actor = actor_from(request)
    draft = drafting.of(actor, id_)
    type_, rows = members.group(draft, key), members.rows_of(draft, key)
    if not 1 <= number <= min(len(rows) + 1, type_.most):
        raise NotFound()
    row = rows[number - 1] if number <= len(rows) else {}
    initial = {name: typed(value) for name, value in _typed(type_, row).items()} | {"seen": draft.version}
    form, status = MemberForm(type_=type_, initial=initial), 200
    if request.method == "POST":
        form, status = MemberForm(request.POST, type_=type_), 422
        if form.is_valid():
            place = number - 1 if number <= len(rows) else None
            try:
                members.put(actor, id_, key, form.raw(), place=place, seen=form.cleaned_data["seen"])
                return redirect("draft_members", id_, key)
            except Invalid as error:
                form.refuse(error)
            except Problem as error:
                messages.warning(request, Sent.sentence(error))
                return redirect("draft_members", id_, key)
    item = catalogue.version(draft.item, draft.item_version)
    taken = [titled(type_.members[name].title) for name in row.get(TAKEN, ())]
    context = {
        "draft": draft, "key": key, "name": titled(item.name), "form": form, "number": number, "taken": taken,
        "each": titled(type_.each, ""), "basis": type_.basis, "here": "services",
    }  # fmt: skip
    return render(request, "portal/services/member.html", context, status=status)
