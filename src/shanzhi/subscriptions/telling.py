"""What subscribers are told: in the pages each thing, outside one message a day with what was collected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.cases import types
from shanzhi.cases.queries import states_of
from shanzhi.cases.state import State
from shanzhi.cases.telling import outcome
from shanzhi.journal.entry import Entry
from shanzhi.journal.tables import Insert, write
from shanzhi.notices import timing
from shanzhi.notices.actions import write_to
from shanzhi.notices.notice import Letter, Message, words
from shanzhi.notices.queries import night, quiet_of
from shanzhi.places import queries as places
from shanzhi.rules.queries import categories
from shanzhi.subscriptions import links, queries, sealing
from shanzhi.subscriptions.models import Happening, Subscription
from shanzhi.subscriptions.place import TOLD, next_message

COLUMNS = ("subscription_id", "entry", "case_id", "what", "at")
BATCH = 50
LINES = 20


def what_of(entry: Entry, state: State) -> str:
    """What an entry is to those who follow the place of a public case; empty when it is nothing to them."""
    if not state["public"] or state["merged_into"] is not None:
        return ""
    if entry.kind == "case.opened":
        return "opened"
    what = outcome(entry, state, types.version(state["type"], state["type_version"]))
    return what if what in TOLD else ""


def kept(found: Sequence[tuple[Subscription, Entry, str]]) -> None:
    """What is to be told outside the pages is collected, and its message gets its time."""
    outside = [one for one in found if one[0].channel != "inbox"]
    rows = [
        {
            "subscription_id": str(one.pk),
            "entry": str(entry.id),
            "case_id": str(entry.stream),
            "what": what,
            "at": entry.at.isoformat(),
        }
        for one, entry, what in outside
    ]
    write([Insert(Happening._meta.db_table, COLUMNS, rows, ("subscription_id", "entry"), keep=True)])
    waiting = {one.pk: one for one, _entry, _what in outside if one.due_at is None}
    quiet = quiet_of({one.account_id for one in waiting.values() if one.account_id is not None})
    usual = night()
    for one in waiting.values():
        start = next_message(one.daily, one.sent_at, now())
        due = timing.after_quiet(start, *quiet.get(one.account_id or 0, usual))
        Subscription.objects.filter(pk=one.pk, due_at=None).update(due_at=due)


def messages(found: Sequence[tuple[Subscription, Entry, str]], states: dict[UUID, State]) -> list[Message]:
    """What accounts find in their pages: one notice for each thing, however many of their places hold it."""
    seen = {
        (one.account_id, entry.id): (entry, what) for one, entry, what in found if one.account_id is not None
    }
    return [
        Message(account or 0, entry.id, f"place.{what}", entry.at, entry.stream, _data(states[entry.stream]),
                inbox_only=True)
        for (account, _id), (entry, what) in seen.items()
    ]  # fmt: skip


def _data(state: State) -> dict[str, Any]:
    """The number, and instead of what somebody wrote the codes of category and area."""
    names = ("category", "area", "type")
    return {"number": format_number(state["number"]), **{name: state[name] for name in names}}


@transaction.atomic
def digest(at: datetime | None = None) -> int:
    """Writes the messages that are due, each with all that was collected for it; how many there were."""
    when = at or now()
    free = Subscription.objects.select_for_update(skip_locked=True).filter(due_at__lte=when, ended_at=None)
    due = list(free.order_by("due_at")[:BATCH])
    if not due:
        return 0
    collected = queries.untold(one.pk for one in due)
    states = states_of(list({item.case for items in collected.values() for item in items}))
    letters = [_letter(one, collected[one.pk], states, when) for one in due]
    write_to([letter for letter in letters if letter])
    ids = [one.pk for one in due]
    items = [item.pk for items in collected.values() for item in items]
    Happening.objects.filter(pk__in=items).update(sent_at=when)
    told = [one.pk for one, letter in zip(due, letters, strict=True) if letter]
    Subscription.objects.filter(pk__in=ids).update(due_at=None)
    Subscription.objects.filter(pk__in=told).update(sent_at=when)
    return len(due)


def _letter(
    one: Subscription, items: Sequence[Happening], states: dict[UUID, State], at: datetime
) -> Letter | None:
    """One message; none when nothing of it is public any more."""
    shown = [item for item in items if item.case in states and states[item.case]["public"]]
    if not shown:
        return None
    english = one.language.startswith("en")
    with translation.override("en" if english else "zh-hans"):
        lines = [_line(item, states[item.case], one.language) for item in shown[:LINES]]
        if len(shown) > LINES:
            lines.append(_("and %(n)s more") % {"n": len(shown) - LINES})
        place = queries.named(one, one.language)
    data = {
        "place": place,
        "count": len(shown),
        "news": "\n".join(lines),
        "language": "en" if english else "zh",
    }
    secret = {
        "address": sealing.opened(one),
        "link": f"{settings.URL}/nearby/{shown[0].case}" if len(shown) == 1 else _around(one),
        "leave": f"{settings.URL}{links.path(one.pk)}",
    }
    return Letter(one.channel, f"place:{one.pk}", shown[-1].entry, "place.news", at, secret, None, data)


def _around(one: Subscription) -> str:
    """The page of what goes on there."""
    if one.area:
        return f"{settings.URL}/nearby?area={one.area}"
    return f"{settings.URL}/nearby?lon={one.lon}&lat={one.lat}"


def _line(item: Happening, state: State, language: str) -> str:
    """What happened to what kind of thing where, and its page: nothing that anybody wrote."""
    return f"{_(words(f'place.{item.what}'))}: {thing(state, language)} {settings.URL}/nearby/{item.case}"


def thing(state: State | dict[str, Any], language: str) -> str:
    """A case without a word of its reporter: kind, area and number."""
    found = categories().get(state["category"])
    english = language.startswith("en")
    type_ = types.everything().get(state["type"])
    title = (type_.title.en if english else type_.title.zh) if type_ else state["type"]
    way = [p.name_en or p.name if english else p.name for p in places.areas().path(state["area"])]
    number = state["number"] if isinstance(state["number"], str) else format_number(state["number"])
    return f"{found.name(language) if found else title} · {' · '.join(way[1:] or way)} ({number})"
