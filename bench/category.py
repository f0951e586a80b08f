"""Categories of messages: five-fold cross-validation of ours beside character TF-IDF + logistic regression.

Run: make bench NAME=category (HOTLINE=folder with labelled.csv; see docs/figures.md)

The folds are the same for all. Everything that is fitted (which sequences are looked at, their rarity, weights, the
calibration of probabilities) is fitted within the training folds. `certain`: the share of right answers among the
most certain 70 %. `ece_10`, `ece_15`: the calibration error of the likeliest label in so many equal steps of
probability (Guo et al. 2017 take 15); `chance_10`, `chance_15`: what the same estimate shows, on as many answers, for
probabilities that hold exactly. SEEDS=4 repeats with other folds, which shows how much a figure depends on them.
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
    cross_validated,
    curve_of,
    error_by_chance,
    error_of,
    folded,
    report,
)
from shanzhi.language.training import Example
from shanzhi.language.vectors import vectors
from shanzhi.learning.tables import examples_in

FOLDS = 5
PEER = "TF-IDF + logistic regression"
Way = Callable[[int], tuple[tuple[str, ...], Any]]
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
    meaning = vectors([one.text for one in examples])
    ways: dict[str, Way] = {PEER: lambda seed: baseline(examples, seed)}
    ways["ours"] = lambda seed: cross_validated(examples, seed=seed)
    if meaning is not None:
        ways["ours, careful"] = lambda seed: cross_validated(examples, vectors=meaning, seed=seed)
    show(examples, ways)


def show(examples: list[Example], ways: dict[str, Way]) -> None:
    """The mean of all divisions; of the peer, which takes longest, only the first."""
    table = Table(title=f"Category, five-fold, {len(examples)} messages")
    for column in ("way", "divisions", *NAMES, "seconds"):
        table.add_column(column.replace("_", " "), justify="left" if column == "way" else "right")
    made: dict[str, list[dict[str, float]]] = {}
    for name, way in ways.items():
        start = time.process_time()
        made[name] = [figures(examples, *way(seed)) for seed in range(1 if name == PEER else SEEDS)]
        means = [f"{np.mean([one[each] for one in made[name]]):.3f}" for each in NAMES]
        table.add_row(name, str(len(made[name])), *means, f"{time.process_time() - start:.1f}")
    Console().print(table)
    mean = {
        name: {each: float(np.mean([one[each] for one in ran])) for each in NAMES}
        for name, ran in made.items()
    }
    ratio = made["ours"][0]["macro_f1"] / made[PEER][0]["macro_f1"]
    sys.stdout.write(json.dumps({"bench": "category", "divisions": SEEDS, **mean, "ratio": ratio}) + "\n")


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
