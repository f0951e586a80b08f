"""Putting topics right: joining one with another, letting a case go its own way."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shanzhi.base.errors import Problem
from shanzhi.journal.receipts import once
from shanzhi.screen.asking import Asked
from shanzhi.topics import actions
from shanzhi.topics.queries import Topic
from shanzhi.web.forms import Sent


class RegroupForm(Sent):
    """Which topic it is joined with; a case that is split off is named by the button beside it."""

    into = forms.ChoiceField(label=_("It is one matter with"), required=False)

    def __init__(self, *args: Any, others: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.id), f"{one.title} ({one.heat.reports})") for one in others]
        self.fields["into"].choices = [("", _("Choose a topic")), *named]  # type: ignore[attr-defined]


def regrouped(request: HttpRequest, asked: Asked, topic: UUID, form: RegroupForm) -> UUID | None:
    """The topic that came of it; None when something on the form is wrong, which is then said there."""
    if not form.is_valid():
        return None
    case, into = _uuid(request.POST.get("case", "")), form.cleaned_data["into"]
    if not case and not into:
        form.add_error("into", _("Choose a topic"))
        return None

    def work() -> dict[str, Any]:
        made = actions.split(asked.actor, case) if case else actions.join(asked.actor, topic, UUID(into))
        return {"topic": str(made)}

    try:
        done = once(asked.actor.ref, form.idempotency_key, form.mark(f"topic:{topic}:{case}"), work)
    except Problem as error:
        form.refuse(error)
        return None
    return UUID(done["topic"])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
