"""Fields read from 300 drawn papers, clean and as a phone takes them, beside Tesseract chi_sim in the same run.

Run: make bench NAME=prereview. The papers and the people on them are invented (`prereview_papers`), and harmed by
dice (`prereview_photo`). SEED=1 is for tuning; what is published comes from SEED=7, which nothing was tuned on.
PEER=3 gives every third page to Tesseract as well (`apt-get install tesseract-ocr tesseract-ocr-chi-sim`); 0 none.
"""

import csv
import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median

from PIL import Image
from rich.console import Console
from rich.table import Table

from bench.prereview_papers import KINDS, drawn
from bench.prereview_photo import photographed, scanned
from bench.prereview_sheet import Paper
from shanzhi.reading import fields
from shanzhi.reading.page import Seen, Shot, plain
from shanzhi.reading.reader import Rapid, Reader, opened, shot
from shanzhi.services.picture import FLOOR

SEED = int(os.environ.get("SEED", "7"))
EACH = int(os.environ.get("EACH", "25"))  # of each kind: 12 kinds
PEER = int(os.environ.get("PEER", "3"))
HARMS = int(os.environ.get("HARMS", "3"))  # at once, beside lying askew on a table and JPEG


class Tesseract:
    """Tesseract with its model for simplified Chinese, which finds out by itself how the page lies."""

    name = "tesseract chi_sim"

    def read(self, picture: bytes) -> Shot:
        return shot(opened(picture), self._lines)

    def _lines(self, image: Image.Image) -> tuple[Seen, ...]:
        out = io.BytesIO()
        image.save(out, "PNG")
        command = ["tesseract", "stdin", "stdout", "-l", "chi_sim", "--psm", "1", "tsv"]
        found = subprocess.run(command, input=out.getvalue(), capture_output=True, check=False)
        rows: dict[tuple[str, ...], list[dict[str, str]]] = {}
        for row in csv.DictReader(io.StringIO(found.stdout.decode()), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == "5" and row["text"].strip():
                rows.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
        return tuple(_line(words) for words in rows.values())


def _line(words: list[dict[str, str]]) -> Seen:
    left = min(float(word["left"]) for word in words)
    top = min(float(word["top"]) for word in words)
    right = max(float(word["left"]) + float(word["width"]) for word in words)
    bottom = max(float(word["top"]) + float(word["height"]) for word in words)
    scores = [max(0.0, float(word["conf"]) / 100) for word in words for _ in word["text"]]
    text = "".join(word["text"] for word in words)
    return Seen(text, tuple(scores), ((left, top), (right, top), (right, bottom), (left, bottom)))


@dataclass
class Count:
    """What became of the fields of some pages."""

    pages: int = 0
    told: Counter[str] = field(default_factory=Counter)
    walls: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def share(self, what: str) -> float:
        return self.told[what] / max(1, self.told["fields"])


def papers() -> Iterator[tuple[bool, Paper, bytes]]:
    """Every paper twice in two: scanned, photographed."""
    for number in range(EACH):
        for kind in KINDS:
            paper = drawn(kind, SEED * 1_000 + number)
            if number % 2:
                dice = random.Random(f"{SEED}-{kind}-{number}")
                yield True, paper, photographed(paper.picture, dice, HARMS)
            else:
                yield False, paper, scanned(paper.picture)


def measure(reader: Reader, paper: Paper, data: bytes, count: Count) -> None:
    """Reads one page and compares each field with what stands on it."""
    own = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    began = time.perf_counter()
    found = fields.read(reader.read(data))
    count.walls.append(time.perf_counter() - began)
    now = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    count.processor.append(now - own)
    count.pages += 1
    count.told["kind"] += paper.kind in found.kinds
    for key, text in paper.fields.items():
        value, wanted = found.fields.get(key), plain(text, [1.0] * len(text))[0]
        right = value is not None and value.text == wanted
        count.told["fields"] += 1
        count.told["right"] += right
        if value is None or value.sure < FLOOR:
            count.told["asked"] += 1
        elif not right:
            count.told["passed wrong"] += 1


def main() -> None:
    ours, peer = Rapid(), Tesseract() if PEER and shutil.which("tesseract") else None
    found = {name: Count() for name in ("clean", "photographed")}
    theirs = {name: Count() for name in ("clean", "photographed")}
    with suppress(
        KeyboardInterrupt
    ):  # Ctrl-C shows what was measured until then: every 24 pages have every kind
        for number, (harmed, paper, data) in enumerate(papers()):
            name = "photographed" if harmed else "clean"
            measure(ours, paper, data, found[name])
            if peer is not None and (number + number // 12) % PEER == 0:
                measure(peer, paper, data, theirs[name])
            if number % 12 == 11:
                sys.stderr.write(f"{number + 1} pages\n")
    shown(found, theirs, peer is not None)


def shown(found: dict[str, Count], theirs: dict[str, Count], peer: bool) -> None:
    table = Table(title=f"fields of drawn papers, seed {SEED}, floor {FLOOR}")
    columns = (
        "reader",
        "pages",
        "kind right",
        "right",
        "asked",
        "wrong and passed",
        "processor s",
        "95 % wall s",
    )
    for column in columns:
        table.add_column(column, justify="right")
    rows = [(f"ours, {name}", count) for name, count in found.items() if count.pages]
    rows += [(f"Tesseract chi_sim, {name}", count) for name, count in theirs.items() if count.pages]
    for name, count in rows:
        walls = sorted(count.walls)
        table.add_row(
            name, str(count.pages), f"{count.told['kind'] / count.pages:.3f}", f"{count.share('right'):.4f}",
            f"{count.share('asked'):.4f}", f"{count.share('passed wrong'):.4f}",
            f"{median(count.processor):.2f}", f"{walls[int(len(walls) * 0.95)]:.2f}",
        )  # fmt: skip
    Console(width=150).print(table)
    if not peer:
        Console().print("Tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-chi-sim")
    line: dict[str, object] = {"bench": "prereview", "seed": SEED, "floor": FLOOR}
    for name, count in rows:
        line[name] = {
            "pages": count.pages,
            "fields": count.told["fields"],
            **{what: round(count.share(what), 4) for what in ("right", "asked", "passed wrong")},
            "seconds": round(median(count.processor), 3),
        }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    other = theirs["photographed"].share("right")
    ratio = found["photographed"].share("right") / other if other else None
    line |= {"memory_mb": memory, "ratio": round(ratio, 3) if ratio else None}
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
