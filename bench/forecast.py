"""Early warning: the next week's reports by category and district, ours beside the mean and the same week a year ago.

Run: make bench NAME=forecast (HOTLINE=path to the folder of the public message set, see docs/figures.md).
Rolling origin: for each week from the 16th on, all that was known before forecasts it. Messages have no category;
they get one from a plain classifier trained on the 923 labelled ones, so its slips are in all ways alike. A year
ago is known for the last weeks only, so this way is the last known week before. The first half of the weeks is
for tuning (DISCOUNT and SEASON_PRIOR were chosen there); only the second half is shown.
"""

import csv
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from shanzhi.language.forecast import YEAR, forecast

FIRST = 16
DISTRICT = re.compile(r"A\d(?:区|县|市)")
Counts = Sequence[int]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> datetime:
    return datetime.strptime(text, "%Y/%m/%d %H:%M:%S" if "/" in text else "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007


def series(folder: Path) -> dict[tuple[str, str], list[int]]:
    """Weekly counts by category and district, from 2018-12-31 (a Monday) on."""
    known, messages = rows(folder / "labelled.csv"), rows(folder / "messages.csv")
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2),
        LogisticRegression(C=30, max_iter=300),
    ).fit([f"{r['title']} {r['text'][:300]}" for r in known], [r["category"] for r in known])
    kinds = model.predict([f"{r['title']} {r['text'][:300]}" for r in messages])
    start = datetime(2018, 12, 31)  # noqa: DTZ001
    found = Counter[tuple[str, str, int]]()
    for row, kind in zip(messages, kinds, strict=True):
        place = DISTRICT.search(row["title"] + row["text"][:150])
        week = (day(row["time"]) - start) // timedelta(days=7)
        if place and week >= 0:
            found[str(kind), place.group(), week] += 1
    weeks = max(week for *_, week in found)  # the last week is not whole
    keys = {key[:2] for key in found}
    return {key: [found[(*key, week)] for week in range(weeks)] for key in sorted(keys)}


def mean(past: Counts) -> float:
    return sum(past) / len(past)


def year_ago(past: Counts) -> float:
    return float(past[-YEAR] if len(past) >= YEAR else past[-1])


def ours(past: Counts) -> float:
    found = forecast(past)
    return found.mean if found else mean(past)


WAYS: dict[str, Callable[[Counts], float]] = {
    "ours": ours,
    "mean of all weeks": mean,
    "same week a year ago, else the last": year_ago,
}


def main() -> None:
    folder = Path(os.environ.get("HOTLINE", "../shared/data/hotline"))
    if not folder.exists():
        raise SystemExit(f"{folder} is missing: HOTLINE=… names the message set (see docs/figures.md)")
    found = series(folder)
    weeks = len(next(iter(found.values())))
    half = (FIRST + weeks) // 2
    span = range(FIRST, half) if "--tune" in sys.argv else range(half, weeks)
    cells = [(counts[:t], counts[t]) for counts in found.values() for t in span]
    errors = {
        name: (
            sum(abs(way(past) - count) for past, count in cells) / len(cells),
            (sum((way(past) - count) ** 2 for past, count in cells) / len(cells)) ** 0.5,
        )
        for name, way in WAYS.items()
    }
    shown(errors, cells, len(found))


def shown(errors: dict[str, tuple[float, float]], cells: list[tuple[list[int], int]], n: int) -> None:
    made = [(found, count) for past, count in cells if (found := forecast(past))]
    in80 = sum(f.low80 <= count <= f.high80 for f, count in made) / len(made)
    in95 = sum(f.low95 <= count <= f.high95 for f, count in made) / len(made)
    wide = sum(f.high80 - f.low80 for f, _ in made) / len(made)
    table = Table(title=f"The next week's reports, {n} series, {len(cells)} forecasts")
    for column in ("way", "mean absolute error", "root mean square error"):
        table.add_column(column, justify="left" if column == "way" else "right")
    for name, (mae, rmse) in errors.items():
        table.add_row(name, f"{mae:.3f}", f"{rmse:.3f}")
    Console().print(table)
    held = f"80 %: {in80:.3f} (mean width {wide:.1f}), 95 %: {in95:.3f}"
    Console().print(f"{len(made)} had enough history; held by the interval of {held}")
    best = min(rmse for name, (_, rmse) in errors.items() if name != "ours")
    line = {"bench": "forecast", "errors": errors, "held80": in80, "held95": in95, "n": len(cells)}
    sys.stdout.write(json.dumps(line | {"ratio": round(errors["ours"][1] / best, 3)}) + "\n")


if __name__ == "__main__":
    main()
