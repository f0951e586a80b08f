"""A letter on paper opens the form of whoever it is addressed to: by its code and his date of birth."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import NotSignedIn, Problem, TooMany
from shanzhi.orgs import limits
from shanzhi.orgs.auth import actor_from
from shanzhi.services.actions import letters
from shanzhi.web.forms import Sent, posted

PER_MINUTE = 6


class LetterForm(Sent):
    """The code on the letter, and when whoever it is addressed to was born."""

    code = forms.CharField(label=gettext_lazy("Code on the letter"), max_length=20)
    born = forms.DateField(
        label=gettext_lazy("Date of birth of whoever the letter is addressed to"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


@never_cache
def letter(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in fills in for the addressee what is not known; a person judges."""
    actor = actor_from(request)
    code = request.GET.get("code", "").replace("\0", "")[:20]
    form, status = LetterForm(posted(request), initial={"code": code}), 200
    if request.method == "POST":
        if actor.account is None:
            raise NotSignedIn()
        if not limits.allow(f"letter:{actor.account}", per_minute=PER_MINUTE):
            raise TooMany(per_minute=PER_MINUTE)
        status = 422
        if form.is_valid():
            try:
                draft = letters.opened(actor, form.cleaned_data["code"], form.cleaned_data["born"])
                return redirect("draft", draft.pk)
            except Problem as error:
                form.refuse(error)
                status = error.status
    context = {"form": form, "signed_in": actor.account is not None, "here": "services"}
    return render(request, "portal/services/letter.html", context, status=status)
