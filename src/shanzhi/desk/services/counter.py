"""At the counter (窗口代办): who stands there is found by his number, and the clerk fills in what we do not know."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import Invalid, Problem
from shanzhi.desk.access import at_work
from shanzhi.orgs.queries import require
from shanzhi.residents.actions import contact, recognise
from shanzhi.residents.queries import Masked
from shanzhi.services.actions import drafting
from shanzhi.services.queries import catalogue
from shanzhi.web.forms import Sent
from shanzhi.web.names import titled

AUTHORITY = "本人到窗口办理"


class CounterForm(Sent):
    """Who, by his number (and name, if he is new), and which service."""

    item = forms.ChoiceField(label=gettext_lazy("Service"))
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    name = forms.CharField(
        label=gettext_lazy("Name, if he is not known here yet"), max_length=64, required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        found = [
            (code, titled(one.name))
            for code, one in catalogue.current().items()
            if one.open and one.audience == "person"
        ]
        self.fields["item"].choices = found  # type: ignore[attr-defined]


def counter(request: HttpRequest) -> HttpResponse:
    """Finds the person, masked, and begins his form."""
    actor = at_work(request)
    require(actor, "service.counter")
    form, people, status = CounterForm(request.POST or None), list[Masked](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                chosen = _chosen(request.POST.get("person", ""))
                people = recognise(actor, given["phone"], reason="窗口办理", right="service.counter")
                if chosen is None and given["name"].strip():
                    chosen = contact(actor, name=given["name"], phone=given["phone"])
                elif chosen is not None and chosen not in {one.id for one in people}:
                    raise Invalid()
                if chosen is not None:
                    behalf = drafting.Behalf(chosen, AUTHORITY)
                    draft = drafting.begin(actor, given["item"], behalf=behalf, channel="counter")
                    return redirect("draft", draft.pk)
                status = 200
            except Problem as error:
                form.refuse(error)
    context = {"form": form, "people": people, "asked": form.is_bound and not form.errors, "here": "work"}
    return render(request, "desk/services/counter.html", context, status=status)


def _chosen(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
