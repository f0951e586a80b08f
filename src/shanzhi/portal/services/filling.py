"""Filling in: one question a page, saved at once; then everything on one page to check, and one button to send."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import Conflict, Invalid, Problem, gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.cases.queries import state_of
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.portal.services.papers import shown, weighed
from shanzhi.portal.services.questions import QuestionForm, typed
from shanzhi.residents.queries import facts
from shanzhi.services import form as asking
from shanzhi.services.actions import drafting
from shanzhi.services.actions.applying import Weighed
from shanzhi.services.actions.drafting import Draft
from shanzhi.web import facts as words
from shanzhi.web.forms import Sent
from shanzhi.web.names import titled
from shanzhi.web.problems import said

CONSENT = gettext_noop("I agree that these data are used to decide on “%(item)s”, and on nothing else.")


class SendForm(Sent):
    """The last page: agreed, and, where something is missing or not met, sent all the same."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    consent = forms.BooleanField()
    anyway = forms.BooleanField(
        label=gettext_lazy("I have read this and apply all the same; a person shall judge"), required=False
    )


@never_cache
def draft(request: HttpRequest, id_: UUID) -> HttpResponse:
    """The next question, or the one that somebody wants to answer anew."""
    actor = actor_from(request)
    one = drafting.of(actor, id_)
    if one.case is not None:
        return _sent_already(request, one)
    if request.method == "POST":
        return _answered(request, actor, one)
    wanted = request.GET.get("ask", "")
    found = weighed(one)
    question = _question(found, wanted)
    if question is None:
        return redirect("draft_check", id_)
    if question.type.members:
        return redirect("draft_members", id_, question.key)
    initial = {"fact": question.key, "seen": one.version, "value": _typed(found, question.key)}
    return _asked(request, one, found, QuestionForm(type_=question.type, initial=initial))


def _sent_already(request: HttpRequest, one: Draft) -> HttpResponse:
    """The page of what was sent; at the counter the next one is served, with the number for this one."""
    if one.channel != "counter" or one.case is None:
        return redirect("application", one.case)
    number = format_number(state_of(one.case)["number"])
    messages.success(request, _("Sent. The number for the applicant: %(number)s") % {"number": number})
    return redirect("counter")


def _question(found: Weighed, wanted: str) -> asking.Question | None:
    registry = facts.types()
    if wanted in asking.wanted(found.item, found.rule, registry) and registry[wanted].since is None:
        return asking.Question(wanted, registry[wanted])
    return asking.next_question(found.item, found.rule, registry, found.merged, facts.today())


def _typed(found: Weighed, key: str) -> Any:
    return typed(found.said.get(key))


def _answered(request: HttpRequest, actor: Actor, one: Draft) -> HttpResponse:
    type_ = facts.types().get(request.POST.get("fact", ""))
    if type_ is None or type_.since is not None or type_.members:
        return redirect("draft", one.pk)
    form = QuestionForm(request.POST, type_=type_)
    status = 422
    if form.is_valid():
        try:
            drafting.answer(
                actor, one.pk, form.cleaned_data["fact"], form.raw(), seen=form.cleaned_data["seen"]
            )
            return redirect("draft", one.pk)
        except Conflict as error:
            messages.warning(request, said(error.message, error.facts))
            return redirect("draft", one.pk)
        except Invalid as error:
            form.add_error("value", Sent.sentence(error))
            status = error.status
    return _asked(request, one, weighed(one), form, status)


def _asked(
    request: HttpRequest, one: Draft, found: Weighed, form: QuestionForm, status: int = 200
) -> HttpResponse:
    left = asking.ahead(found.item, found.rule, facts.types(), found.merged, facts.today())
    context = {
        "draft": one,
        "name": titled(found.item.name),
        "form": form,
        "basis": form.type_.basis,
        "answered": len(found.said),
        "number": len(found.said) + 1,
        "left": max(left, 1) + len(found.said),
        "papers": any(need.needed and not need.proved and need.material.kinds for need in found.review.needs),
        "here": "services",
    }
    return render(request, "portal/services/question.html", context, status=status)


@never_cache
def check(request: HttpRequest, id_: UUID) -> HttpResponse:
    """What we know and what was said, what is spared and what is missing, what is wrong and how to mend it; send."""
    actor = actor_from(request)
    one = drafting.of(actor, id_)
    if one.case is not None:
        return _sent_already(request, one)
    form, status = SendForm(initial={"seen": one.version}), 200
    if request.method == "POST":
        name = request.POST.get("form", "send")
        if name == "discard":
            drafting.discard(actor, id_)
            messages.success(request, _("Thrown away, with everything that was typed."))
            return redirect("services")
        form = SendForm(request.POST)
        problem = _sent(actor, one, form)
        if problem is None and form.is_valid():
            return _sent_already(request, drafting.of(actor, id_))
        if isinstance(problem, Conflict):
            messages.warning(request, said(problem.message, problem.facts))
            return redirect("draft_check", id_)
        status = problem.status if problem else 422
    return _checked(request, drafting.of(actor, id_), form, status)


def _sent(actor: Actor, one: Draft, form: SendForm) -> Problem | None:
    if not form.is_valid():
        return None
    found = weighed(one)
    sentence = said(CONSENT, {"item": titled(found.item.name)})
    try:
        drafting.send(actor, one.pk, consent=sentence, anyway=form.cleaned_data["anyway"])
    except Problem as error:
        form.refuse(error)
        return error
    return None


def _checked(request: HttpRequest, one: Draft, form: SendForm, status: int = 200) -> HttpResponse:
    found = weighed(one)
    form.fields["consent"].label = said(CONSENT, {"item": titled(found.item.name)})
    names = {each.key: each.name for each in found.item.materials}
    findings = [words.finding(each, names) for each in found.review.findings]
    if not findings:
        del form.fields["anyway"]
    more = next((each.key for each in found.review.findings if each.what == "fact"), "")
    if more and found.review.verdict != "no":
        return redirect("draft", one.pk)
    registry = facts.types()
    context = {
        "draft": one,
        "name": titled(found.item.name),
        "form": form,
        "known": [
            words.told(key, fact) for key, fact in found.merged.items() if fact.id.int and _shown(found, key)
        ],
        "said": [
            {"key": key, "title": titled(registry[key].title), "value": words.value(registry[key], value)}
            for key, value in found.said.items()
        ],
        **shown(one, found),
        "from": "check",
        "findings": [each for each in findings if not (more and each["what"] == "fact")],
        "more": more,
        "verdict": found.review.verdict,
        "instant": found.review.instant,
        "promised": words.limit(found.item.promised),
        "here": "services",
    }
    return render(request, "portal/services/check.html", context, status=status)


def _shown(found: Weighed, key: str) -> bool:
    """What the rule and the form ask; computed facts stand for what they are counted from."""
    names = (*found.rule.names, *found.rule.spec.groups) if found.rule is not None else ()
    return key in names or key in found.item.asks
