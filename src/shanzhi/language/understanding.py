"""What a Chinese text says, as far as a machine can tell: category, urgency, place, people, and what is urgent.

The one door to this room for others: `understand` for one text, `understand_all` for many. It is pure: models and
gazetteers come as `Tools`; the room `learning` holds those that are in force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from shanzhi.language.address import Located, locate_in
from shanzhi.language.danger import Danger, dangers_in
from shanzhi.language.entities import Entity, entities
from shanzhi.language.features import Text, sequences
from shanzhi.language.gazetteer import Gazetteer
from shanzhi.language.model import BATCH, Model
from shanzhi.language.vectors import vectors
from shanzhi.language.words import normal

MOST = 5  # alternatives
READ = 20_000  # characters of a text that are read for anything but people


@dataclass(frozen=True, slots=True)
class Alternative:
    """A category that the text may belong to, and how probable that is."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent, how soon somebody must take it up (15m), and why; `by` is `rule`, `model` or `words`."""

    level: str
    probability: float = 1.0
    respond: str = ""
    reason: str = ""
    by: str = "rule"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a text. `raised` means: a person must read it at once, nothing goes by itself.

    `probabilities` has every category; `categories` the likeliest few, for people.
    """

    categories: tuple[Alternative, ...]
    urgency: Urgency
    addresses: tuple[Located, ...]
    entities: tuple[Entity, ...]
    dangers: tuple[Danger, ...]
    sentiment: float | None = None
    probabilities: dict[str, float] = field(default_factory=dict, repr=False)

    @property
    def category(self) -> Alternative | None:
        return self.categories[0] if self.categories else None

    @property
    def address(self) -> Located | None:
        return self.addresses[0] if self.addresses else None

    @property
    def raised(self) -> bool:
        return bool(self.dangers)


Likely = tuple[Alternative, ...]
Asked = Callable[[Text, str], Urgency | None]


@dataclass(frozen=True)
class Tools:
    """What a text is read with; each may be missing, and then nothing is said about that.

    `urgency` is asked with the text and its likeliest category: the district's rule table. `urgency_model` is
    asked when the rule says that nothing is urgent: it may raise, never lower.
    """

    category: Model | None = None
    gazetteer: Gazetteer | None = None
    urgency: Asked | None = None
    urgency_model: Model | None = None
    sentiment: Model | None = None
    urgent_from: float = 0.8


def understand(text: str, *, tools: Tools, title: str = "") -> Understanding:
    """What one text says. Never raises, whatever the text is."""
    return understand_all([Text(text, title)], tools=tools)[0]


def understand_all(texts: Sequence[Text], *, tools: Tools) -> list[Understanding]:
    """What many texts say, in their order: the models are asked for all of them at once."""
    models = (tools.category, tools.urgency_model, tools.sentiment)
    found: list[Understanding] = []
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        plain = [
            Text(normal(one.text[:READ]), normal(one.title)) for one in part
        ]  # once for all that follows
        known = sequences(plain) if any(models) else None
        asked = [_asked(model, part, known) for model in models]
        likely = _likeliest(asked[0])
        found += [_one(text, tools, *said) for text, *said in zip(part, plain, likely, *asked, strict=True)]
    return found


def _asked(model: Model | None, texts: Sequence[Text], known: Any) -> list[tuple[tuple[str, ...], Any]]:
    """For each text the labels and their probabilities; a text without words is not asked about."""
    if model is None:
        return [((), None)] * len(texts)
    rows = model.told(known, len(texts), vectors(texts) if model.careful else None)
    said = [any(map(str.isalnum, one.title + one.text)) for one in texts]
    return [(model.labels, row) if worth else ((), None) for row, worth in zip(rows, said, strict=True)]


def _one(
    text: Text, tools: Tools, plain: Text, likely: Likely, category: Any, urgent: Any, mood: Any
) -> Understanding:
    whole, said = _whole(text), _whole(plain)
    found = tuple(dangers_in(said))
    return Understanding(
        categories=likely,
        urgency=_urgency(text, tools, likely, urgent, found),
        addresses=tuple(locate_in(said, tools.gazetteer)) if tools.gazetteer else (),
        entities=tuple(entities(whole)),
        dangers=found,
        sentiment=_of(mood, "positive"),
        probabilities={}
        if category[1] is None
        else dict(zip(category[0], category[1].tolist(), strict=True)),
    )


def _whole(text: Text) -> str:
    return f"{text.title}\n{text.text}" if text.title else text.text


def _likeliest(asked: Sequence[tuple[tuple[str, ...], Any]]) -> list[Likely]:
    """For each text its likeliest labels, put in order for all at once."""
    rows = [row for _, row in asked if row is not None]
    order = np.argsort(-np.array(rows), axis=1, kind="stable")[:, :MOST] if rows else np.zeros((0, 0), int)
    sure = iter(np.take_along_axis(np.array(rows), order, axis=1).tolist() if rows else [])
    best = iter(order.tolist())
    return [
        ()
        if row is None
        else tuple(Alternative(labels[i], p) for i, p in zip(next(best), next(sure), strict=True))
        for labels, row in asked
    ]


def _urgency(
    text: Text, tools: Tools, likely: Sequence[Alternative], urgent: Any, found: Sequence[Danger]
) -> Urgency:
    """The rule first; the model may raise what it finds normal; danger to life is urgent whatever they say."""
    said = tools.urgency(text, likely[0].label if likely else "") if tools.urgency else None
    if said is not None and said.level != "normal":
        return said
    if found:
        return Urgency("urgent", 1.0, reason=found[0].words, by="words")
    probability = _of(urgent, "urgent")
    if probability is not None and probability >= tools.urgent_from:
        return Urgency("urgent", probability, by="model")
    return said or Urgency("normal", by="model" if probability is not None else "words")


def _of(asked: tuple[tuple[str, ...], Any], label: str) -> float | None:
    labels, row = asked
    return float(row[labels.index(label)]) if row is not None and label in labels else None
