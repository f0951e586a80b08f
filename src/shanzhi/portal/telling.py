"""How one wants to be told: by e-mail or text message beside the inbox, of what, and when not."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import NotFound, NotSignedIn, Problem
from shanzhi.notices import actions, queries
from shanzhi.notices.notice import REPORTED, WORDS
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import contacts
from shanzhi.portal.forms import CodeForm
from shanzhi.web.forms import Sent, posted


def _hour() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TellForm(Sent):
    """What one may choose; the inbox always has everything."""

    by_email = forms.BooleanField(label=gettext_lazy("Tell me by e-mail"), required=False)
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    by_sms = forms.BooleanField(label=gettext_lazy("Tell me by text message"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        help_text=gettext_lazy("What comes in quiet hours is sent when they end"),
        required=False,
        widget=_hour(),
    )
    quiet_until = forms.TimeField(label=gettext_lazy("Quiet until"), required=False, widget=_hour())
    told = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me of"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].choices = [(f"case.{kind}", _(WORDS[kind])) for kind in kinds]  # type: ignore[attr-defined]


def kinds(request: HttpRequest) -> tuple[str, ...]:
    """What somebody can be told of at all: nobody is asked about what never reaches him."""
    return tuple(WORDS) if getattr(request.user, "is_staff", False) else REPORTED


def telling(request: HttpRequest) -> HttpResponse:
    """The form of an account; the inbox itself is on the desk, or on the pages of one's matters."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    if "channel" in request.POST:
        return _code(request, actor)
    form = TellForm(posted(request), kinds=kinds(request), initial=_now(actor))
    if request.method == "POST" and form.is_valid() and (waiting := _kept(actor, form)) is not None:
        said = _("Now type the code that we have sent to the new address.") if waiting else _("Kept.")
        messages.success(request, said)
        return redirect("telling")
    return _shown(request, actor, form)


def _code(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The code that came to a new address."""
    channel = request.POST["channel"]
    form = CodeForm(request.POST, auto_id=f"id_{channel}_%s")
    if form.is_valid():
        try:
            actions.prove(actor, channel, form.cleaned_data["code"])
        except NotFound:
            return redirect("telling")  # confirmed already, in another tab
        except Problem as error:
            form.add_error("code", Sent.sentence(error))
        else:
            messages.success(request, _("Confirmed: this address is used from now on."))
            return redirect("telling")
    return _shown(request, actor, TellForm(kinds=kinds(request), initial=_now(actor)), {channel: form})


def _shown(
    request: HttpRequest, actor: Actor, form: TellForm, tried: dict[str, CodeForm] | None = None
) -> HttpResponse:
    """The form, and above it a field for the code of each address that waits for one."""
    tried = tried or {}
    waiting = [
        {
            "channel": channel,
            "address": address,
            "form": tried.get(channel) or CodeForm(auto_id=f"id_{channel}_%s"),
        }
        for channel, (address, _wanted) in queries.unproved(actor).items()
    ]
    context = {"form": form, "waiting": waiting, "here": "telling"}
    return render(request, "portal/telling.html", context, status=422 if form.errors or tried else 200)


def _now(actor: Actor) -> dict[str, Any]:
    """What is wished: an address that waits for its code stands in the form already."""
    likes, contact = queries.preference(actor), contacts([actor.account or 0]).get(actor.account or 0)
    used = {"email": contact.email if contact else "", "sms": contact.phone if contact else ""}
    wished = {
        "email": (used["email"], likes.email),
        "sms": (used["sms"], likes.sms),
        **queries.unproved(actor),
    }
    return {
        "by_email": wished["email"][1],
        "by_sms": wished["sms"][1],
        "email": wished["email"][0],
        "phone": wished["sms"][0],
        "quiet_from": likes.quiet_from,
        "quiet_until": likes.quiet_until,
        "told": [f"case.{kind}" for kind in WORDS if f"case.{kind}" not in likes.muted],
    }


def _kept(actor: Actor, form: TellForm) -> list[str] | None:
    """The channels whose new address waits for its code; None when something is wrong."""
    given = form.cleaned_data
    quiet: tuple[time | None, time | None] = (given["quiet_from"], given["quiet_until"])
    try:
        return actions.prefer(
            actor,
            email=given["email"],
            phone=given["phone"],
            by_email=given["by_email"],
            by_sms=given["by_sms"],
            muted={code for code, _word in form.fields["told"].choices} - set(given["told"]),  # type: ignore[attr-defined]
            quiet=quiet,
        )
    except Problem as error:
        form.refuse(error)
        return None
