"""Categories of messages: five-fold cross-validation of ours beside character TF-IDF + logistic regression.

Run: make bench NAME=category (HOTLINE=folder with labelled.csv, messages.csv, replies.csv; see docs/figures.md)

The folds are the same for all. Everything that is fitted (which sequences are looked at, their rarity, weights, the
calibration of probabilities) is fitted within the training folds. The unlabelled messages give only the rarity of
sequences; those that are almost the same as a labelled one (same title, or the same first sixty characters) are left
out. `certain`: the share of right answers among the most certain 70 %. `ece_10`, `ece_15`: the calibration error of the
likeliest label in so many equal steps of probability (Guo et al. 2017 take 15); `chance_10`, `chance_15`: what the same
estimate shows, on as many answers, for probabilities that hold exactly. SEEDS=4 repeats with other folds, which shows
how much a figure depends on them.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from shanzhi.language.evaluation import (
    apart,
    cross_validated,
    curve_of,
    error_by_chance,
    error_of,
    folded,
    report,
)
from shanzhi.language.features import Text
from shanzhi.language.training import Example
from shanzhi.language.vectors import vectors
from shanzhi.learning.tables import examples_in, texts_in

FOLDS = 5
SEEDS = int(os.environ.get("SEEDS", "1"))
NAMES = ("accuracy", "macro_f1", "certain", "ece_10", "chance_10", "ece_15", "chance_15")


def baseline(examples: list[Example], seed: int) -> tuple[tuple[str, ...], Any]:
    """Character 1-3-grams, TF-IDF, logistic regression with C=30, title and text as one."""
    labels = tuple(sorted({one.label for one in examples}))
    target = np.array([labels.index(one.label) for one in examples])
    whole = np.array([f"{one.text.title}\n{one.text.text}" for one in examples])
    fold = folded([one.label for one in examples], FOLDS, seed)
    found = np.zeros((len(examples), len(labels)), np.float32)
    for number in range(FOLDS):
        model = make_pipeline(
            TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LogisticRegression(C=30, max_iter=1_000)
        )
        model.fit(whole[fold != number], target[fold != number])
        found[fold == number] = model.predict_proba(whole[fold == number])
    return labels, found


def main() -> None:
    folder = Path(os.environ.get("HOTLINE", ""))
    if not (folder / "labelled.csv").is_file():
        sys.exit("HOTLINE must name the folder with labelled.csv (see docs/figures.md)")
    examples, _ = examples_in(folder / "labelled.csv")
    texts = [one.text for one in examples]
    other = [text for name in ("messages.csv", "replies.csv") for text in unlabelled(folder / name)]
    kept = apart(other, texts)
    left = len(other) - len(kept)
    Console().print(
        f"{len(examples)} labelled, {len(other)} unlabelled, {left} of these left out as almost the same"
    )
    meaning = vectors(texts)
    ways: dict[str, Callable[[int], tuple[tuple[str, ...], Any]]] = {
        "TF-IDF + logistic regression": lambda seed: baseline(examples, seed),
        "ours": lambda seed: cross_validated(examples, seed=seed),
        "ours, rarity from all": lambda seed: cross_validated(examples, kept, seed=seed),
    }
    if meaning is not None:
        ways["ours, careful"] = lambda seed: cross_validated(examples, vectors=meaning, seed=seed)
    show(examples, ways)


def unlabelled(file: Path) -> list[Text]:
    return texts_in(file)[0] if file.is_file() else []


def show(examples: list[Example], ways: dict[str, Callable[[int], tuple[tuple[str, ...], Any]]]) -> None:
    table = Table(title=f"Category, five-fold, {SEEDS} divisions into folds")
    for column in ("way", *NAMES, "seconds"):
        table.add_column(column.replace("_", " "), justify="left" if column == "way" else "right")
    means: dict[str, dict[str, float]] = {}
    for name, way in ways.items():
        start = time.process_time()
        made = [figures(examples, *way(seed)) for seed in range(SEEDS)]
        means[name] = {each: float(np.mean([one[each] for one in made])) for each in NAMES}
        spent = f"{time.process_time() - start:.1f}"
        table.add_row(name, *(f"{value:.3f}" for value in means[name].values()), spent)
    Console().print(table)
    theirs = means.pop("TF-IDF + logistic regression")
    result: dict[str, Any] = {"bench": "category", "divisions": SEEDS, **means}
    result["ratio"] = means["ours"]["macro_f1"] / theirs["macro_f1"]
    sys.stdout.write(json.dumps(result) + "\n")


def figures(examples: list[Example], labels: tuple[str, ...], probabilities: Any) -> dict[str, float]:
    """What one division shows; both ways of binning, each with what chance alone makes of it."""
    found = report(examples, labels, probabilities)
    sure = probabilities.max(axis=1)
    right = np.array(
        [labels[i] == one.label for i, one in zip(probabilities.argmax(axis=1), examples, strict=True)]
    )
    values = {"accuracy": found.accuracy, "macro_f1": found.macro_f1, "certain": found.certain}
    for steps in (10, 15):
        values[f"ece_{steps}"] = error_of(curve_of(sure, right, steps))
        values[f"chance_{steps}"] = error_by_chance(sure, steps)
    return values


if __name__ == "__main__":
    main()
