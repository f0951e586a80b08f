"""`shanzhi classify`: messages a second on one core, beside a bare scikit-learn pipeline for the category alone.

Run: make bench NAME=classify (HOTLINE=folder with labelled.csv and messages.csv; see docs/figures.md)

Both read the same real messages, in this process, after the same warming; what counts is processor time, because
the machine is shared. Ours answers everything (category, urgency by rule, address, entities, flags, JSON out), with
the model that the demo pack's examples give; the pipeline answers only the category, trained on the same examples.
"""

import csv
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from bench import stand

COUNT = 4_309
AT_ONCE = 256


def lines() -> list[bytes]:
    file = Path(os.environ.get("HOTLINE", "")) / "messages.csv"
    if not file.is_file():
        sys.exit("HOTLINE must name the folder with messages.csv (see docs/figures.md)")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))[:COUNT]
    made = [{"id": row["id"], "text": row["title"] + "\n" + row["text"].strip()} for row in rows]
    return [json.dumps(one, ensure_ascii=False).encode() for one in made]


def ours(asked: list[bytes]) -> float:
    import orjson

    from shanzhi.learning.reading import answers

    answers(asked[:AT_ONCE])
    start = time.process_time()
    for at in range(0, len(asked), AT_ONCE):
        for answer in answers(asked[at : at + AT_ONCE]):
            orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
    return len(asked) / (time.process_time() - start)


def pipeline(asked: list[bytes], examples: list[Any]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LogisticRegression(C=30, max_iter=100)
    )
    model.fit([one.text.text for one in examples], [one.label for one in examples])
    start = time.process_time()
    for at in range(0, len(asked), AT_ONCE):
        texts = [json.loads(line)["text"] for line in asked[at : at + AT_ONCE]]
        for row in model.predict_proba(texts):
            json.dumps({"category": model.classes_[row.argmax()], "probability": float(row.max())})
    return len(asked) / (time.process_time() - start)


def main() -> None:
    asked = lines()
    stand.home()
    stand.district()
    from rich.console import Console

    from shanzhi.learning import actions, queries

    examples = queries.examples()
    actions.learn("system", queries.CATEGORY, examples)
    fast, theirs = ours(asked), pipeline(asked, examples)
    characters = sum(len(json.loads(line)["text"]) for line in asked) / len(asked)
    Console().print(f"{len(asked)} messages of {characters:.0f} characters on average")
    Console().print(
        f"shanzhi classify {fast:,.0f} a second; scikit-learn, category only {theirs:,.0f} a second"
    )
    sys.stdout.write(
        json.dumps({"bench": "classify", "a_second": fast, "sklearn": theirs, "ratio": fast / theirs}) + "\n"
    )


if __name__ == "__main__":
    main()
