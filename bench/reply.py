"""Quality of replies: our score beside length alone and TF-IDF relevance, against marks given by hand, in one run.

Run: make bench NAME=reply (REPLIES=path to the replies.csv of the public message set, see docs/figures.md).
`reply_labels.csv` holds the marks of 400 replies drawn at random, by the guidelines in `reply_guidelines.md`. The
first 300 are for tuning; `--fit` prints the weights of `language/reply.py` from them. The third draw, 100 replies
marked after all counts were chosen and before any was scored, is the test: without `--fit` nothing is fitted and
only it counts.
"""

import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer

from shanzhi.language.reply import BASE, scored
from shanzhi.language.replysigns import signs

HERE = Path(__file__).parent
QUESTIONS = ("answers", "complete", "basis", "readable")
COUNTS = {
    "answers": (
        "empty",
        "outcomes",
        "outcome_share",
        "taken_up",
        "only_refers",
        "only_studies",
        "not_ours",
        "lacking",
        "forwarded",
        "told",
        "data",
    ),
    "complete": (
        "empty",
        "told",
        "dates",
        "taken_up",
        "outcomes",
        "lacking",
        "only_refers",
        "only_studies",
        "numbered",
    ),
    "basis": ("named", "numbered", "loose", "outcomes", "data"),
    "readable": ("long_sentence", "too_long", "structured", "substance", "two_letters"),
}
RIDGE = 10.0
TEST = "3"  # the draw that nothing was fitted on
Row = dict[str, str]


def marks(*, tuning: bool) -> dict[str, dict[str, float]]:
    """The marks of one part, by id."""
    with (HERE / "reply_labels.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["draw"] != TEST) == tuning]
    return {row["id"]: {q: float(row[q]) for q in QUESTIONS} for row in rows}


def replies(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Rank correlation, ties at their mean rank."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: Sequence[float]) -> Any:
    found = np.asarray(values)
    _, where, n = np.unique(found, return_inverse=True, return_counts=True)
    return (np.cumsum(n) - (n - 1) / 2)[where]


def fit(rows: Sequence[Row], labels: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Logistic regression (with a ridge) of each question's share of points on its counts."""
    found = [signs(row["title"], row["text"], row["reply"]).counts for row in rows]
    weights = {}
    for question, names in COUNTS.items():
        x = np.array([[counts[name] for name in names] for counts in found])
        y = np.array([labels[row["id"]][question] for row in rows])
        mean, spread = x.mean(0), x.std(0) + 1e-9
        w, b = _logistic((x - mean) / spread, y / 2)
        w = w / spread
        base = float(b - mean @ w)
        weights[question] = {BASE: round(base, 3)} | {
            n: round(float(v), 3) for n, v in zip(names, w, strict=True)
        }
    return weights


def _logistic(z: Any, share: Any) -> tuple[Any, float]:
    """Newton's method; the ridge is on the weights alone."""
    a = np.c_[z, np.ones(len(z))]
    ridge = np.diag([RIDGE] * z.shape[1] + [0.0])
    w = np.zeros(a.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-a @ w))
        step = np.linalg.solve((a.T * (p * (1 - p))) @ a + ridge, a.T @ (p - share) + ridge @ w)
        w = w - step
    return w[:-1], float(w[-1])


def ways(every: Sequence[Row]) -> dict[str, Callable[[Row], dict[str, float]]]:
    """Each way of scoring: points for each question. The plain ones have one number for all."""
    texts = [f"{row['title']} {row['text']}" for row in every] + [row["reply"] for row in every]
    made = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2).fit(texts)

    def relevance(row: Row) -> float:
        asked, said = made.transform([f"{row['title']} {row['text']}", row["reply"]])
        return float((asked @ said.T).toarray()[0, 0])

    return {
        "length alone": lambda row: dict.fromkeys(QUESTIONS, float(len(row["reply"].strip()))),
        "length, less is better": lambda row: dict.fromkeys(QUESTIONS, -float(len(row["reply"].strip()))),
        "TF-IDF relevance": lambda row: dict.fromkeys(QUESTIONS, relevance(row)),
        "the contest's label": lambda row: dict.fromkeys(QUESTIONS, float(row["explains"])),
        "ours": lambda row: scored(row["title"], row["text"], row["reply"]).points(),
    }


def measured(way: Callable[[Row], dict[str, float]], rows: Sequence[Row], labels: Any) -> dict[str, float]:
    given = [way(row) for row in rows]
    wanted = [labels[row["id"]] for row in rows]
    found = {q: spearman([g[q] for g in given], [w[q] for w in wanted]) for q in QUESTIONS}
    found["sum"] = spearman([sum(g.values()) for g in given], [sum(w.values()) for w in wanted])
    return found


def main() -> None:
    path = Path(os.environ.get("REPLIES", "../shared/data/hotline/replies.csv"))
    if not path.exists():
        raise SystemExit(f"{path} is missing: REPLIES=… names the replies (see docs/figures.md)")
    every, labels = replies(path), marks(tuning="--fit" in sys.argv)
    tests = [row for row in every if row["id"] in labels]
    if "--fit" in sys.argv:
        Console().print(fit(tests, labels))
        return
    found = {name: measured(way, tests, labels) for name, way in ways(every).items()}
    spread = spearman([len(r["reply"].strip()) for r in every], [float(r["explains"]) for r in every])
    shown(found, len(tests), spread)


def shown(found: dict[str, dict[str, float]], n: int, spread: float) -> None:
    table = Table(title=f"Spearman with the marks given by hand, {n} replies of the test part")
    table.add_column("way")
    for question in (*QUESTIONS, "sum"):
        table.add_column(question, justify="right")
    for name, values in found.items():
        table.add_row(name, *(f"{value:.3f}" for value in values.values()))
    Console().print(table)
    Console().print(f"The contest's label with length, all replies: {spread:.2f}")
    peers = [values for name, values in found.items() if name.startswith(("length", "TF"))]
    ratios = {q: found["ours"][q] / max(peer[q] for peer in peers) for q in (*QUESTIONS, "sum")}
    line = {"bench": "reply", "n": n, "ours": found["ours"], "length": found["length alone"]}
    line |= {
        "relevance": found["TF-IDF relevance"],
        "ratios": ratios,
        "ratio": round(min(ratios.values()), 3),
    }
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
