"""Categories of messages: five-fold cross-validation of ours beside character TF-IDF + logistic regression.

Run: make bench NAME=category (HOTLINE=folder with labelled.csv, messages.csv, replies.csv; see docs/figures.md)

The folds are the same for all. Everything that is fitted (which sequences are looked at, their rarity, weights, the
calibration of probabilities) is fitted within the training folds. The unlabelled messages give only the rarity of
sequences; those that are almost the same as a labelled one (same title, or the same first sixty characters) are left
out. `certain`: the share of right answers among the most certain 70 %. `ece`: ten bins, after Guo et al. 2017.
SEEDS=3 repeats with other folds, which shows how much a figure depends on them.
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

from shanzhi.language.evaluation import apart, cross_validated, folded, report
from shanzhi.language.features import Text
from shanzhi.language.training import Example
from shanzhi.language.vectors import vectors
from shanzhi.learning.tables import examples_in, texts_in

FOLDS = 5


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
        "ours, labelled rows only": lambda seed: cross_validated(examples, seed=seed),
        "ours, rarity from all": lambda seed: cross_validated(examples, kept, seed=seed),
    }
    if meaning is not None:
        ways["ours, careful"] = lambda seed: cross_validated(examples, vectors=meaning, seed=seed)
    show(examples, ways)


def unlabelled(file: Path) -> list[Text]:
    return texts_in(file)[0] if file.is_file() else []


def show(examples: list[Example], ways: dict[str, Callable[[int], tuple[tuple[str, ...], Any]]]) -> None:
    table = Table(title="Category, five-fold")
    for column in ("way", "accuracy", "macro-F1", "certain 70 %", "ECE", "seconds"):
        table.add_column(column, justify="left" if column == "way" else "right")
    means: dict[str, list[float]] = {}
    for name, way in ways.items():
        start = time.process_time()
        made = [report(examples, *way(seed)) for seed in range(int(os.environ.get("SEEDS", "1")))]
        figures = [(one.accuracy, one.macro_f1, one.certain, one.ece) for one in made]
        means[name] = [float(figure) for figure in np.mean(figures, axis=0)]
        table.add_row(
            name, *(f"{figure:.3f}" for figure in means[name]), f"{time.process_time() - start:.1f}"
        )
    Console().print(table)
    ours, theirs = list(means.values())[-1], means["TF-IDF + logistic regression"]
    names = ("accuracy", "macro_f1", "certain", "ece")
    result = {"bench": "category", **dict(zip(names, ours, strict=True)), "ratio": ours[1] / theirs[1]}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
