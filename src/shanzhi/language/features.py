"""A text as numbers: how often each sequence of one to three characters stands in it, hashed to a column.

Title and text are counted apart, because a title says in ten characters what a text says in three hundred: the
counts of the title lie in the first half of the columns. Everything is done for many texts at once in numpy,
which is what makes thousands of messages a second possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shanzhi.language.words import normal

BITS = 24  # so that of a million sequences few meet in one column
SIZE = 1 << BITS  # columns of one view
COLUMNS = 2 * SIZE  # title, text
LONGEST = 3
MOST = 4_000  # characters of a text that are read; the longest real message had 3,600
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth's multiplicative hashing)
_SALT = (0, 0x1000003, 0x5851F42D4C957F2D, 0x14057B7EF767814F)


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote: a title, which may be missing, and a text."""

    text: str
    title: str = ""


def sequences(texts: Sequence[Text]) -> tuple[Any, Any]:
    """For each sequence of characters in these texts the number of its text and its column.

    A text without a title is read as one whose first sentence is its title too.
    """
    plain = [normal(one.text[:MOST]) for one in texts]
    heads = [normal(one.title) or first_sentence(text) for one, text in zip(texts, plain, strict=True)]
    titles, title_columns = _hashed(heads)
    rows, columns = _hashed(plain)
    return np.concatenate((titles, rows)), np.concatenate((title_columns, columns + SIZE))


def counts(rows: Any, columns: Any, width: int) -> tuple[Any, Any, Any]:
    """What stands together in the same row and column: rows, columns and how often."""
    keys = rows * width + columns
    keys.sort()
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else keys
    times = np.diff(np.concatenate((first, [len(keys)])))
    return keys[first] // width, keys[first] % width, times.astype(np.float32)


def first_sentence(text: str, most: int = 40) -> str:
    """What stands before the first full stop or line end, at most so many characters."""
    head = text.lstrip()[: most + 1]
    ends = [at for mark in "。！？!?\n" if (at := head.find(mark)) > 0]
    return head[: min([most, *ends])]


def _hashed(texts: Sequence[str]) -> tuple[Any, Any]:
    """For each sequence of characters of these (normal) texts the number of its text and its column."""
    joined = "\0".join(" ".join(text[:MOST].split()) for text in texts) + "\0"
    points = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    ends = points == 0
    owner = np.cumsum(ends) - ends
    rows, columns = [], []
    hashed, whole = np.zeros_like(points), np.ones(len(points), dtype=bool)
    for size in range(1, LONGEST + 1):
        last = len(points) - size + 1
        if last <= 0:
            break
        hashed = (hashed[:last] + points[size - 1 :]) * _MIX
        whole = whole[:last] & ~ends[size - 1 :]
        mixed = (hashed ^ (hashed >> np.uint64(29)) ^ np.uint64(_SALT[size])) * _MIX
        rows.append(owner[:last][whole])
        columns.append((mixed >> np.uint64(64 - BITS))[whole].astype(np.int64))
    return np.concatenate(rows), np.concatenate(columns)
