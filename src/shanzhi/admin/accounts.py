"""Accounts: who can sign in, and what each may do where."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shanzhi.admin.access import with_right
from shanzhi.base.errors import Conflict, Problem
from shanzhi.orgs import actions, queries
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.places import queries as places
from shanzhi.web import names
from shanzhi.web.forms import Sent, posted
from shanzhi.web.report import area_choices

PAGE = 50


class OpenForm(Sent):
    """A new account."""

    username = forms.RegexField(
        r"^[A-Za-z0-9._-]+$",
        label=_("Username"),
        max_length=64,
        help_text=_("Letters, digits, dot, dash; capitals count as small letters"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=_("Name"), max_length=64)
    password = forms.CharField(
        label=_("First password"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=_("Tell it in person; it can be changed after signing in"),
    )
    staff = forms.BooleanField(label=_("Member of staff"), required=False, initial=True)


class GrantForm(forms.Form):
    """One more role for an account."""

    role = forms.ChoiceField(label=_("Role"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    org = forms.ChoiceField(label=_("Organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[Any]] = {
            "role": [(code, names.role(code)) for code in queries.roles()],
            "area": [("", "—"), (places.county(), names.area(places.county())), *area_choices()[1:]],
            "org": [("", "—"), *queries.orgs().items()],
        }
        for field, offered in choices.items():
            self.fields[field].choices = offered  # type: ignore[attr-defined]

    def grant(self) -> Grant:
        return Grant(*(self.cleaned_data[name] for name in ("role", "area", "org")))


def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts, searched by name; and the form for one more."""
    actor = with_right(request, "org.manage")
    form = OpenForm(posted(request))
    if request.method == "POST" and form.is_valid() and (opened := _opened(actor, form)):
        messages.success(request, gettext("The account is open. Now say what it may do."))
        return redirect("admin-account", opened)
    text = request.GET.get("q", "")[:64].replace("\0", "")
    page = max(1, int(p)) if (p := request.GET.get("page", "1")).isdecimal() and len(p) < 6 else 1
    found = queries.accounts(text, offset=(page - 1) * PAGE, limit=PAGE + 1)
    context = {
        "accounts": found[:PAGE],
        "q": text,
        "before": page - 1,
        "after": page + 1 if len(found) > PAGE else 0,
        "form": form,
        "here": "accounts",
    }
    return render(request, "admin/accounts.html", context, status=422 if form.is_bound else 200)


def _opened(actor: Actor, form: OpenForm) -> int | None:
    given = form.cleaned_data
    try:
        account = actions.open_account(
            actor, given["username"], given["password"], name=given["name"], staff=given["staff"]
        )
    except Conflict as error:
        form.add_error("username", gettext(error.message) % error.facts)
    except Problem as error:
        form.refuse(error)
    else:
        return int(account.pk)
    return None


def account(request: HttpRequest, id_: int) -> HttpResponse:
    """One account: its roles to add and to take away, its sessions to end, itself to close and to open again."""
    actor = with_right(request, "org.manage")
    found = queries.account(id_)
    form = GrantForm(request.POST if request.POST.get("do") == "grant" else None)
    if request.method == "POST" and _done(request, actor, id_, found["grants"], form):
        return redirect("admin-account", id_)
    context = {
        "account": found,
        "grants": list(shown(found["grants"])),
        "sessions": queries.sessions(id_),
        "form": form,
        "here": "accounts",
    }
    return render(request, "admin/account.html", context, status=422 if form.is_bound else 200)


def shown(grants: Sequence[Grant]) -> Iterator[dict[str, str]]:
    """Each grant in words: the role, and where it holds."""
    orgs = queries.orgs({g.org for g in grants if g.org})
    for one in grants:
        place = [names.area(one.area) if one.area else "", orgs.get(one.org, one.org)]
        yield {"role": names.role(one.role), "place": " · ".join(filter(None, place))}


def _done(request: HttpRequest, actor: Actor, id_: int, held: list[Grant], form: GrantForm) -> bool:
    """Whether what the form asks for was done."""
    match request.POST.get("do"):
        case "grant" if form.is_valid():
            try:
                actions.grant(actor, id_, [*held, form.grant()])
            except Problem as error:
                faults = [one.message for one in getattr(error, "errors", ())] or [error.message]
                form.add_error(None, " ".join(map(gettext, faults)))
                return False
        case "take" if (which := request.POST.get("grant", "")).isdecimal() and int(which[:3]) < len(held):
            actions.grant(actor, id_, [g for i, g in enumerate(held) if i != int(which)])
        case "end":
            actions.end_sessions(actor, id_)
        case "end_one":
            actions.end_session(actor, id_, request.POST.get("session", ""))
        case "close" if id_ != actor.account:
            actions.close_account(actor, id_)
        case "reopen":
            actions.reopen_account(actor, id_)
        case _:
            return not form.is_bound
    messages.success(request, gettext("Done."))
    return True
