"""What runs: the models in force, the gazetteer, the costs; and reading a text with them."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.language.deciding import Costs, Decided, decide
from shanzhi.language.features import Text
from shanzhi.language.gazetteer import Gazetteer
from shanzhi.language.model import Model
from shanzhi.language.training import Example
from shanzhi.language.understanding import Tools, Understanding, Urgency, understand_all
from shanzhi.language.vectors import embedder
from shanzhi.learning import store
from shanzhi.learning.models import Correction, ExampleRow, ModelVersion
from shanzhi.packs import queries as packs
from shanzhi.places import queries as places
from shanzhi.rules.evaluate import evaluate
from shanzhi.rules.queries import categories, rule

TTL = 2.0  # seconds that another process may still use the version before
SHOWN = ("name", "version", "labels", "trained_on", "report", "compared", "running", "actor", "at")
CATEGORY, CAREFUL, URGENCY, SENTIMENT = "category", "category-careful", "urgency", "sentiment"


def understand(text: str, *, title: str = "", at: datetime | None = None) -> Understanding:
    """What a text says, read with all that is in force; `at` is when it was written (the hour may matter)."""
    return understand_many([Text(text, title)], at=at, careful=True)[0]


def understand_many(
    texts: Sequence[Text], *, at: datetime | None = None, careful: bool = False
) -> list[Understanding]:
    """The same for many texts, in their order; thousands a second unless it is to be done carefully."""
    return understand_all(texts, tools=tools(at or now(), careful=careful))


def tools(at: datetime, *, careful: bool = False) -> Tools:
    """What texts are read with at this moment; careful: with the meaning of titles too, where that can be had."""
    return Tools(
        category=(careful and embedder() is not None and running(CAREFUL)) or running(CATEGORY),
        gazetteer=gazetteer(),
        urgency=urgency_by_rule(at),
        urgency_model=running(URGENCY),
        sentiment=running(SENTIMENT),
    )


def running(name: str) -> Model | None:
    """The model of this name in force, loaded once a process; None before the first was trained."""
    found = _running(name, int(time.monotonic() / TTL))
    return _loaded(name, *found) if found else None


def folder(name: str, version: int) -> Path:
    return Path(settings.HOME.path) / "models" / name / str(version)


@lru_cache(maxsize=8)
def _running(name: str, _moment: int) -> tuple[int, str] | None:
    row = ModelVersion.objects.filter(name=name, running=True).values_list("version", "digest").first()
    return (row[0], row[1]) if row else None


@lru_cache(maxsize=4)
def _loaded(name: str, version: int, digest: str) -> Model | None:
    """A model whose files are gone or spoilt is none: texts are then read without it (see `shanzhi doctor`)."""
    try:
        return store.load(folder(name, version), digest)
    except ValueError:
        return None


def gazetteer() -> Gazetteer:
    """The names of the district's places, until a pack changes them."""
    return _gazetteer(*(packs.version(section) for section in ("areas", "facilities", "gazetteer")))


@lru_cache(maxsize=1)
def _gazetteer(*_versions: int) -> Gazetteer:
    try:
        return Gazetteer.of(places.names_of_places(), places.county())
    except NotFound:
        return Gazetteer.of(())


def urgency_by_rule(at: datetime) -> Callable[[Text, str], Urgency | None] | None:
    """The district's rule table for urgency as a question; None where there is no such rule."""
    local = at.astimezone(BEIJING)
    try:
        asked = rule("urgency", at=local.date())
    except NotFound:
        return None

    known = categories()

    def ask(text: Text, category: str) -> Urgency | None:
        facts = {
            "text": f"{text.title}\n{text.text}",
            "hour": local.hour,
            "category": category if category in known else None,
        }
        answer = evaluate(asked, facts)
        level = answer.outputs.get("urgency")
        if not level:
            return None
        reason = answer.reasons[0].zh if answer.reasons else ""
        return Urgency(str(level), respond=str(answer.outputs.get("respond") or ""), reason=reason)

    return ask


def costs() -> Costs:
    """What a mistake and a person's look cost here, from the head of the pack; without them nothing is automatic."""
    given = packs.head().get("automatic")
    if not isinstance(given, dict):
        return Costs(wrong=1.0, look=0.0, floor=1.0)
    return Costs(float(given["wrong"]), float(given["look"]), float(given.get("floor", 0.5)))


def decided(understood: Understanding) -> Decided:
    """Whether a machine may send this on by itself, by the district's own costs."""
    return decide(understood.probabilities, costs(), raised=understood.raised)


def examples() -> list[Example]:
    """The seed examples of the pack in force, by category."""
    rows = ExampleRow.objects.order_by("key").values_list("text", "title", "category")
    return [Example(Text(text, title), category) for text, title, category in rows]


def examples_of_urgency() -> list[Example]:
    """The seed examples that say how urgent they are."""
    rows = ExampleRow.objects.exclude(urgency="").order_by("key").values_list("text", "title", "urgency")
    return [Example(Text(text, title), urgency) for text, title, urgency in rows]


def corrections(name: str, most: int = 5_000) -> list[Example]:
    """What people chose where the model of this name had proposed something else, the newest first."""
    rows = Correction.objects.filter(name=name).order_by("-at", "-id").values_list("text", "chosen")
    return [Example(Text(text), chosen) for text, chosen in rows[:most]]


def versions() -> list[dict[str, Any]]:
    """All trained versions, newest first."""
    return list(ModelVersion.objects.order_by("name", "-version").values(*SHOWN))


def version(name: str, number: int) -> dict[str, Any]:
    """One version with its report; raises NotFound."""
    found: dict[str, Any] | None = (
        ModelVersion.objects.filter(name=name, version=number).values(*SHOWN).first()
    )
    if found is None:
        raise NotFound(
            gettext_noop("There is no version %(version)s of the model %(name)s"), name=name, version=number
        )
    return found
