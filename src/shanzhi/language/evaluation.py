"""How good a model is: accuracy by class, confusion, how far its probabilities hold, and what it gets wrong."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shanzhi.language.entities import mask
from shanzhi.language.features import Text
from shanzhi.language.model import Floats, Model
from shanzhi.language.training import Example, train
from shanzhi.language.words import normal

BINS = 10
CERTAIN = 0.7  # the share of the surest answers that is looked at by itself
SHOWN = 60  # characters of a wrong example
WRONG = 30  # wrong examples in a report, the surest mistakes first
SAME = 60  # characters that two texts have in common when they count as one


@dataclass(frozen=True, slots=True)
class ByClass:
    label: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same probability: how many, what was said, and how many were right."""

    count: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake: the text's beginning (masked), what it is, what was said, and how surely."""

    text: str
    label: str
    said: str
    probability: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that is known of a model on examples that it has not seen."""

    count: int
    accuracy: float
    macro_f1: float
    certain: float
    ece: float
    classes: tuple[ByClass, ...]
    confusion: tuple[tuple[str, str, int], ...]
    curve: tuple[Bin, ...]
    wrong: tuple[Wrong, ...]


def report(examples: Sequence[Example], labels: Sequence[str], probabilities: Floats) -> Report:
    """How the probabilities (a row for each example, a column for each label) agree with what is true."""
    if not examples:
        return Report(0, 0.0, 0.0, 0.0, 0.0, (), (), (), ())
    true = [one.label for one in examples]
    said = [labels[i] for i in probabilities.argmax(axis=1)]
    sure = probabilities.max(axis=1)
    right = np.array([a == b for a, b in zip(true, said, strict=True)])
    classes = by_class(true, said)
    curve = curve_of(sure, right)
    surest = np.argsort(-sure, kind="stable")[: max(1, round(CERTAIN * len(sure)))]
    return Report(
        count=len(examples),
        accuracy=float(right.mean()),
        macro_f1=float(np.mean([one.f1 for one in classes])),
        certain=float(right[surest].mean()),
        ece=error_of(curve),
        classes=classes,
        confusion=_confusion(true, said),
        curve=curve,
        wrong=_wrong(examples, said, sure, right),
    )


def by_class(true: Sequence[str], said: Sequence[str]) -> tuple[ByClass, ...]:
    """Precision, recall and F1 of each class that is there, by name."""
    hits = Counter(a for a, b in zip(true, said, strict=True) if a == b)
    are, named = Counter(true), Counter(said)
    found = []
    for label in sorted(are):
        precision = hits[label] / named[label] if named[label] else 0.0
        recall = hits[label] / are[label]
        f1 = 2 * hits[label] / (are[label] + named[label])
        found.append(ByClass(label, are[label], precision, recall, f1))
    return tuple(found)


def curve_of(sure: NDArray[Any], right: NDArray[Any], steps: int = BINS) -> tuple[Bin, ...]:
    """The calibration curve in equal steps of the likeliest label's probability (Guo et al. 2017)."""
    step = np.minimum((sure * steps).astype(int), steps - 1)
    bins = []
    for one in range(steps):
        here = step == one
        if here.any():
            bins.append(Bin(int(here.sum()), float(sure[here].mean()), float(right[here].mean())))
    return tuple(bins)


def error_of(curve: Sequence[Bin]) -> float:
    """The expected calibration error (ECE): how far what was said lies from what was right, on average."""
    return sum(one.count * abs(one.said - one.right) for one in curve) / max(
        1, sum(one.count for one in curve)
    )


def error_by_chance(sure: NDArray[Any], steps: int = BINS, *, rounds: int = 200) -> float:
    """The error that probabilities which hold exactly would show on so many answers: no estimate is below it."""
    dice = np.random.default_rng(0)
    drawn = (dice.random(len(sure)) < sure for _ in range(rounds))
    return float(np.mean([error_of(curve_of(sure, right, steps)) for right in drawn]))


def _confusion(true: Sequence[str], said: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    counted = Counter(zip(true, said, strict=True))
    return tuple((a, b, n) for (a, b), n in sorted(counted.items()))


def _wrong(
    examples: Sequence[Example], said: Sequence[str], sure: NDArray[Any], right: NDArray[Any]
) -> tuple[Wrong, ...]:
    order = [i for i in np.argsort(-sure, kind="stable") if not right[i]][:WRONG]
    return tuple(Wrong(_shown(examples[i].text), examples[i].label, said[i], float(sure[i])) for i in order)


def _shown(text: Text) -> str:
    whole = mask(f"{text.title} {text.text}" if text.title else text.text)
    return " ".join(whole.split())[:SHOWN]


def cross_validated(
    examples: Sequence[Example],
    background: Sequence[Text] = (),
    *,
    folds: int = 5,
    vectors: Floats | None = None,
    seed: int = 0,
) -> tuple[tuple[str, ...], Floats]:
    """The labels, and for each example the probabilities of a model that has not seen its fold.

    Everything is fitted within the other folds. Texts of the background that are almost the same as one of the
    examples are left out of it.
    """
    labels = tuple(sorted({one.label for one in examples}))
    other = apart(background, [one.text for one in examples])
    fold = folded([one.label for one in examples], folds, seed)
    found = np.zeros((len(examples), len(labels)), np.float32)
    for number in range(folds):
        seen, here = _where(fold != number), _where(fold == number)
        model = train([examples[i] for i in seen], other, None if vectors is None else vectors[seen])
        places = [labels.index(label) for label in model.labels]
        asked = None if vectors is None else vectors[here]
        found[np.ix_(np.array(here), np.array(places))] = model.probabilities(
            [examples[i].text for i in here], asked
        )
    return labels, found


def _where(mask: NDArray[np.bool_]) -> list[int]:
    return [int(i) for i in np.flatnonzero(mask)]


def folded(labels: Sequence[str], folds: int, seed: int = 0) -> NDArray[np.int64]:
    """For each example the number of its fold; each fold has its share of each label."""
    dice = np.random.default_rng(seed)
    fold = np.zeros(len(labels), np.int64)
    every = np.array(labels)
    start = 0
    for label in sorted(set(labels)):
        here = dice.permutation(np.flatnonzero(every == label))
        fold[here] = (np.arange(len(here)) + start) % folds
        start += len(here)
    return fold


def apart(texts: Sequence[Text], from_: Sequence[Text]) -> list[Text]:
    """The texts that are not almost the same as one of the others (same title, or the same beginning)."""
    known = {key for one in from_ for key in _keys(one)}
    return [one for one in texts if known.isdisjoint(_keys(one))]


def _keys(text: Text) -> set[str]:
    plain = "".join(filter(str.isalnum, normal(text.text[: 2 * SAME])))[:SAME]
    title = "".join(filter(str.isalnum, normal(text.title)))
    return {key for key in (plain, title and "title:" + title) if key}


def held_out(text: Text, share: float = 0.2) -> bool:
    """Whether a text belongs to the slice that models are compared on: always the same, whatever is added."""
    plain = "".join(filter(str.isalnum, normal(text.text[: 2 * SAME])))[:SAME]
    return int(hashlib.sha256(plain.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < share


def assessed(model: Model, examples: Sequence[Example], vectors: Floats | None = None) -> Report:
    """How good a model is on examples that it has not seen."""
    return report(examples, model.labels, model.probabilities([one.text for one in examples], vectors))
