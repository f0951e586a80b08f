"""Papers of a form: sent in as files or photographed, read on this machine, and told at once what is wrong and how to
mend it. Without script the page is loaded again; with it what was found appears by itself."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Invalid
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.portal.services.catalogue import material
from shanzhi.residents.fact import Known
from shanzhi.services.actions import applying, drafting
from shanzhi.services.actions.applying import Weighed
from shanzhi.services.actions.drafting import Draft
from shanzhi.services.queries.pictures import material_of
from shanzhi.web import facts as words
from shanzhi.web import pictures
from shanzhi.web.forms import ACCEPT, ManyFiles, ManyInput, Sent, kept_files
from shanzhi.web.names import titled
from shanzhi.web.problems import said


class MaterialForm(Sent):
    """One field for each material that is still to be brought."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, keys: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in keys:
            widget = ManyInput(attrs={"accept": ACCEPT})
            self.fields[key] = ManyFiles(required=False, widget=widget)


def weighed(draft: Draft) -> Weighed:
    return applying.weigh(drafting.asked_of(draft), now())


@never_cache
def papers(request: HttpRequest, id_: UUID) -> HttpResponse:
    """The papers of a form by themselves; for the script only what has changed since."""
    actor = actor_from(request)
    one = drafting.of(actor, id_)
    if one.case is not None:
        return redirect("draft_check", id_)
    if request.method == "POST":
        _changed(request, actor, one)
        return redirect("draft_papers" if request.POST.get("from") == "papers" else "draft_check", id_)
    found = weighed(one)
    context = {"draft": one, "name": titled(found.item.name), "here": "services", **shown(one, found)}
    if request.headers.get("HX-Request"):
        return render(request, "portal/services/_found.html", context | {"again": True})
    return render(request, "portal/services/papers.html", context | {"from": "papers"})


def shown(one: Draft, found: Weighed) -> dict[str, Any]:
    """What the page needs of papers: each with its pictures, how many are still to be read, what they tell."""
    needs = []
    for need in found.review.needs:
        if need.needed or need.proved or need.given:
            looked = found.looked.get(need.material.key)
            told = pictures.looked(looked, masked=False) if looked else None
            needs.append({**material(need), "looked": told, "files": _unread(one, found, need.material.key)})
    return {
        "needs": needs,
        "lacking": any(need["needed"] and not need["proved"] for need in needs),
        "waiting": sum(looked.waiting for looked in found.looked.values()),
        "told": [words.told(key, _told(found, key)) for key in found.told],
        "accept": ACCEPT,
    }


def _told(found: Weighed, key: str) -> Known:
    return found.merged[key]


def _unread(one: Draft, found: Weighed, key: str) -> int:
    """How many files of a material there are that nobody was asked to read."""
    looked = found.looked.get(key)
    files = sum(material_of(name) == key for name in one.materials)
    return files - (len(looked.pictures) if looked else 0)


def _changed(request: HttpRequest, actor: Actor, one: Draft) -> None:
    """Keeps the files that were chosen, or takes one back; what cannot be kept is said."""
    keys = [need.material.key for need in weighed(one).review.needs if need.needed and not need.proved]
    form = MaterialForm(request.POST, request.FILES, keys=keys)
    if not form.is_valid():
        return
    seen = form.cleaned_data["seen"]
    try:
        if file := _uuid(request.POST.get("remove", "")):
            drafting.detach(actor, one.pk, file, seen=seen)
        elif chosen := {key: files for key in keys if (files := kept_files(request, actor, form, key))}:
            drafting.attach(actor, one.pk, chosen, seen=seen)
            messages.success(request, _("Kept."))
    except Conflict as error:
        messages.warning(request, said(error.message, error.facts))
    except Invalid as error:
        messages.error(request, Sent.sentence(error))
    for error_ in (each for listed in form.errors.values() for each in cast(Any, listed)):
        messages.error(request, str(error_))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
