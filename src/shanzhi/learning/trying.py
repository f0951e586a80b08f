"""Trying models on a table of rows that nobody has learnt from."""

from collections.abc import Sequence

import numpy as np

from shanzhi.language.evaluation import Report, apart, assessed, cross_validated, report
from shanzhi.language.features import Text
from shanzhi.language.model import Floats, Model
from shanzhi.language.training import Example, train
from shanzhi.language.vectors import vectors
from shanzhi.learning import queries
from shanzhi.rules.queries import categories


def tried(
    asked: Sequence[Example], given: Sequence[Example] = (), background: Sequence[Text] = ()
) -> dict[str, Report]:
    """How well the rows asked about are told, by name of what was tried.

    Rows that are almost the same as one that is asked about are left out of what is learnt from.
    """
    texts = [one.text for one in asked]
    meaning = vectors(texts)
    if given:
        return _trained(asked, given, apart(background, texts), meaning)
    found = {"cross-validated": report(asked, *cross_validated(asked, background))}
    if meaning is not None:
        found["cross-validated, careful"] = report(
            asked, *cross_validated(asked, background, vectors=meaning)
        )
    running = queries.running(queries.CATEGORY)
    if running is not None:
        found |= _by_running(running, asked)
    return found


def _trained(
    asked: Sequence[Example], given: Sequence[Example], other: Sequence[Text], meaning: Floats | None
) -> dict[str, Report]:
    known = {id(text) for text in apart([one.text for one in given], [one.text for one in asked])}
    inside = [one for one in given if id(one.text) in known]
    found = {"trained on the examples": assessed(train(inside, other), asked)}
    if meaning is not None:
        model = train(inside, other, vectors([one.text for one in inside]))
        found["trained on the examples, careful"] = assessed(model, asked, meaning)
    return found


def _by_running(model: Model, asked: Sequence[Example]) -> dict[str, Report]:
    """The running model, on its own labels or on the first-level classes of the hotline that these belong to."""
    labels = {one.label for one in asked}
    classes = {code: one.hotline_class for code, one in categories().items()}
    probabilities = model.probabilities([one.text for one in asked])
    if labels <= set(model.labels):
        return {"running model": report(asked, model.labels, probabilities)}
    of_hotline = [classes.get(label, "") for label in model.labels]
    if not labels & set(of_hotline):
        return {}
    names, summed = grouped(of_hotline, probabilities)
    return {"running model, by class of the hotline": report(asked, names, summed)}


def grouped(groups: Sequence[str], probabilities: Floats) -> tuple[tuple[str, ...], Floats]:
    """Probabilities of labels as those of the groups that they belong to."""
    names = tuple(sorted(set(groups)))
    member = np.array([[group == name for name in names] for group in groups], np.float32)
    return names, np.asarray(probabilities @ member, np.float32)
