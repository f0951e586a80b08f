"""Topics: do messages of the same matter at the same place come together? Ours beside TF-IDF + DBSCAN, in one run.

Run: make bench NAME=topics (MESSAGES=path to the messages.csv of the public message set, see docs/figures.md).
`topic_labels.csv` holds seed messages, each with others and whether they speak of the same matter, marked by hand
by the guidelines in `topic_guidelines.md`: ids and marks only. A seed is for tuning if the SHA-256 of the smallest id
of its topic is even, else for testing, so that no topic is in both. Both ways are tuned on the tuning part in this
run (ours has one number to tune, JOIN, which is printed beside the one it ships with); only the test part counts.

B-cubed (Bagga and Baldwin 1998), over the seeds: precision is the share of the topic a way puts a seed into that is
marked as the same matter, recall the share of those marked that it put there; F1 of the two means. What is marked
unsure counts for neither. What nobody marked counts as wrong, for every way alike.
"""

import csv
import hashlib
import json
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.cluster import DBSCAN
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from shanzhi.language.similar import Index, kept, near, signs
from shanzhi.language.topics import JOIN, Message, grouped

LABELS = Path(__file__).with_name("topic_labels.csv")
DISTRICT = re.compile(r"[A-Z]\d{1,2}(?:区|县|市)")
JOINS = (0.6, 0.7, 0.75, 0.8, 0.85)
GRAMS, EPS, LEAST = ((1, 2), (2, 3), (2, 4)), (0.5, 0.6, 0.65, 0.7, 0.75, 0.8), (1, 3)
MANY = 100_000
Of = Callable[[str], set[str]]


@dataclass
class Seed:
    same: set[str]
    unsure: set[str] = field(default_factory=set)
    other: set[str] = field(default_factory=set)
    sampled: str = ""

    @property
    def tuning(self) -> bool:
        first = min(self.same, key=int)
        return int(hashlib.sha256(first.encode()).hexdigest(), 16) % 2 == 0


def seeds() -> dict[str, Seed]:
    found: dict[str, Seed] = {}
    with LABELS.open(newline="") as file:
        for row in csv.DictReader(file):
            seed = found.setdefault(row["seed"], Seed({row["seed"]}, sampled=row["sampled"]))
            {"yes": seed.same, "no": seed.other, "unsure": seed.unsure}[row["same"]].add(row["other"])
    return found


def messages(path: Path) -> list[Message]:
    """The messages; the place is the first district a message names (names are pseudonyms)."""
    with path.open(newline="") as file:
        return [
            Message(row["id"], row["title"].strip(), row["text"].strip(), _district(row), _time(row["time"]))
            for row in csv.DictReader(file)
        ]


def _district(row: dict[str, str]) -> str:
    found = DISTRICT.search(row["title"]) or DISTRICT.search(row["text"].strip()[:150])
    return found.group() if found else ""


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y/%m/%d %H:%M:%S" if "/" in text else "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007


def b_cubed(of: Of, chosen: dict[str, Seed]) -> tuple[float, float, float]:
    precisions, recalls = [], []
    for id_, seed in chosen.items():
        topic = of(id_) - seed.unsure
        right = len(topic & seed.same)
        precisions.append(right / len(topic))
        recalls.append(right / len(seed.same))
    p, r = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return p, r, 2 * p * r / (p + r)


def ours(every: list[Message], join: float) -> Of:
    found = grouped(every, join)
    return lambda id_: {str(one) for one in found.members[found.topic[id_]]}


def dbscan(every: list[Message]) -> dict[tuple[Any, ...], Of]:
    """TF-IDF of characters and DBSCAN by cosine, for each setting."""
    made = {}
    texts = [f"{one.title} {one.text[:400]}" for one in every]
    for grams in GRAMS:
        matrix = TfidfVectorizer(
            analyzer="char", ngram_range=grams, sublinear_tf=True, max_df=0.2
        ).fit_transform(texts)
        apart = np.maximum(0, 1 - (matrix @ matrix.T).toarray())
        for eps in EPS:
            for least in LEAST:
                labels = DBSCAN(eps=eps, min_samples=least, metric="precomputed").fit_predict(apart)
                made[grams, eps, least] = _of(every, labels)
    return made


def _of(every: list[Message], labels: Iterable[int]) -> Of:
    topic = {str(one.id): int(label) for one, label in zip(every, labels, strict=True)}
    members = defaultdict(set)
    for id_, label in topic.items():
        members[label].add(id_)
    return lambda id_: members[topic[id_]] if topic[id_] >= 0 else {id_}


def fit(every: list[Message], chosen: dict[str, Seed]) -> dict[str, float]:
    """The weights of likeness from the pairs of the tuning part; each seed counts by the root of its pairs."""
    items = {str(one.id): kept(one.title, one.text, one.place, one.at) for one in every}
    index = Index()
    for id_, item in items.items():
        index.add(id_, item)
    rows, same, weights = [], [], []
    for id_, seed in chosen.items():
        pairs = [(other, True) for other in seed.same - {id_}] + [(other, False) for other in seed.other]
        for other, yes in pairs:
            rows.append(signs(items[id_], items[other], index))
            same.append(yes)
            weights.append(len(pairs) ** -0.5)
    names = list(rows[0])
    model = LogisticRegression(C=3).fit(
        [[row[n] for n in names] for row in rows], same, sample_weight=weights
    )
    base = {"base": round(float(model.intercept_[0]), 3)}
    return base | {n: round(float(w), 3) for n, w in zip(names, model.coef_[0], strict=True)}


def speed(every: list[Message]) -> tuple[float, float]:
    """Milliseconds of processor time to find what is near, among 100,000 made by mixing sentences: median, p95."""
    rng = Random(7)
    parts = [part for one in every for part in re.split("[。！？]", one.text) if 8 < len(part) < 120]
    index = Index()
    for number in range(MANY):
        title = rng.choice(every).title
        index.add(number, kept(title, "。".join(rng.sample(parts, 4)), "", every[number % len(every)].at))
    took = []
    for one in rng.sample(every, 200):
        begin = time.process_time()
        near(kept(one.title, one.text, "", one.at), index)
        took.append((time.process_time() - begin) * 1000)
    return float(np.median(took)), float(np.quantile(took, 0.95))


def main() -> None:
    path = Path(os.environ.get("MESSAGES", "../shared/data/hotline/messages.csv"))
    if not path.exists():
        raise SystemExit(f"{path} is missing: MESSAGES=… names the messages (see docs/figures.md)")
    every, known = messages(path), seeds()
    tune = {id_: seed for id_, seed in known.items() if seed.tuning}
    test = {id_: seed for id_, seed in known.items() if not seed.tuning}
    if "--fit" in sys.argv:
        Console().print(fit(every, tune))
        return
    if "--tune" in sys.argv:
        for join in JOINS:
            Console().print(join, [round(v, 3) for v in b_cubed(ours(every, join), tune)])
        return
    made = dbscan(every)
    best = max(made, key=lambda setting: b_cubed(made[setting], tune)[2])
    ways = {f"TF-IDF + DBSCAN {best}": made[best], f"ours, JOIN {JOIN}": ours(every, JOIN)}
    shown(ways, tune, test, speed(every) if "--fast" not in sys.argv else (0.0, 0.0))


def shown(
    ways: dict[str, Of], tune: dict[str, Seed], test: dict[str, Seed], took: tuple[float, float]
) -> None:
    table = Table(title=f"B-cubed over {len(test)} seeds of the test part")
    for column in ("way", "precision", "recall", "F1", "F1, random seeds", "F1, tuning part"):
        table.add_column(column, justify="left" if column == "way" else "right")
    plain = {id_: seed for id_, seed in test.items() if seed.sampled == "random"}
    found = {}
    for name, of in ways.items():
        found[name] = b_cubed(of, test)
        more = (b_cubed(of, plain)[2], b_cubed(of, tune)[2])
        table.add_row(name, *(f"{value:.3f}" for value in (*found[name], *more)))
    Console().print(table)
    Console().print(f"near, among {MANY}: median {took[0]:.1f} ms, p95 {took[1]:.1f} ms of processor time")
    theirs, us = (values[2] for values in found.values())
    line = {"bench": "topics", "dbscan": round(theirs, 3), "ours": round(us, 3), "near_ms": took}
    sys.stdout.write(json.dumps(line | {"ratio": round(us / theirs, 3)}) + "\n")


if __name__ == "__main__":
    main()
