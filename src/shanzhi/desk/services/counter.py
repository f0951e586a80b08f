"""At the counter (窗口代办): who stands there is found by his number, and the clerk fills in what we do not know."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import Invalid, Problem
from shanzhi.desk.access import at_work
from shanzhi.files.actions import store
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.residents.actions import contact, recognise
from shanzhi.residents.queries import Masked
from shanzhi.services.actions import drafting, letters, papers
from shanzhi.services.actions.drafting import Draft
from shanzhi.services.queries import catalogue
from shanzhi.services.ticket import Ticket
from shanzhi.web.forms import ACCEPT, Sent
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

    scan = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        found = [
            (code, titled(one.name))
            for code, one in catalogue.current().items()
            if one.open and one.audience == "person"
        ]
        self.fields["item"].choices = found  # type: ignore[attr-defined]


class PaperForm(Sent):
    """A paper form that came back: its scan, or the code that is printed on it."""

    scan = forms.FileField(
        label=gettext_lazy("Scan or photo of the form"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    code = forms.CharField(
        label=gettext_lazy("Or the code that is printed below the square"),
        help_text=gettext_lazy("Ten letters and digits; capitals and strokes do not matter"),
        max_length=30,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("scan") and not given.get("code", "").strip() and not self.errors:
            self.add_error("scan", _("Choose a scan, or type the code"))
        return given


def counter(request: HttpRequest) -> HttpResponse:
    """Finds the person, masked, and begins his form; or takes in a paper form."""
    actor = at_work(request)
    require(actor, "service.counter")
    if request.method == "POST" and request.POST.get("form") == "paper":
        return _paper(request, actor)
    form, people, status = CounterForm(request.POST or None), list[Masked](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                draft, people = _begun(request, actor, form)
                if draft is not None:
                    return redirect("draft", draft.pk)
                status = 200
            except Problem as error:
                form.refuse(error)
    return _page(request, form, PaperForm(), people, status)


def _begun(request: HttpRequest, actor: Actor, form: CounterForm) -> tuple[Draft | None, list[Masked]]:
    """The draft of whoever was chosen or is new; else those whose number it is."""
    given, chosen = form.cleaned_data, _uuid(request.POST.get("person", ""))
    people = recognise(actor, given["phone"], reason="窗口办理", right="service.counter")
    if chosen is None and given["name"].strip():
        chosen = contact(actor, name=given["name"], phone=given["phone"])
    elif chosen is not None and chosen not in {one.id for one in people}:
        raise Invalid()
    if chosen is None:
        return None, people
    scan = _uuid(given["scan"])
    authority = papers.BY_PAPER if scan else AUTHORITY
    draft = drafting.begin(actor, given["item"], behalf=drafting.Behalf(chosen, authority), channel="counter")
    return (papers.put_scan(actor, draft.pk, scan) if scan else draft), people


def _paper(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Opens the draft of a paper form; a blank one asks whose it is, and keeps the scan meanwhile."""
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, CounterForm(), form, [], 422)
    upload = form.cleaned_data["scan"]
    try:
        printed = papers.read(upload.read()) if upload else _typed(form.cleaned_data["code"])
        if isinstance(printed, str):
            return redirect("draft", letters.at_counter(actor, printed).pk)
        scan = None
        if upload:
            upload.seek(0)
            scan = store(actor, upload).pk
        taken = papers.take_in(actor, printed, scan=scan)
    except Problem as error:
        form.refuse(error)
        return _page(request, CounterForm(), form, [], error.status)
    if taken.outdated:
        messages.warning(
            request, _("This form was printed for an earlier version: what is new is asked here.")
        )
    if taken.draft is not None:
        return redirect("draft", taken.draft.pk)
    messages.info(request, _("A blank form of this service: say whose it is."))
    initial = {"item": taken.item, "scan": str(scan) if scan else ""}
    return _page(request, CounterForm(initial=initial), PaperForm(), [], 200)


def _typed(code: str) -> Ticket | str:
    """The form with a code that was typed, or the code of a letter."""
    return letters.code_in(code) if letters.known(code) else papers.typed(code)


def _page(
    request: HttpRequest, form: CounterForm, paper: PaperForm, people: list[Masked], status: int
) -> HttpResponse:
    context = {
        "form": form, "paper": paper, "people": people, "asked": form.is_bound and not form.errors, "here": "work"
    }  # fmt: skip
    return render(request, "desk/services/counter.html", context, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
