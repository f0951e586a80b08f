"""A trained model of texts: labels, weights, and how sure it may say it is. Applying it is linear algebra.

What a model is made of are arrays of numbers and a list of labels: it is kept as .npy files and JSON, which can be
read without running anything (a pickle could run a stranger's code).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from shanzhi.language.features import COLUMNS, SIZE, Text, counts, sequences

Floats = NDArray[np.float32]
Bits = NDArray[np.uint8]
Sequences = tuple[Any, Any]  # what `features.sequences` gives
SHAPE = 2  # of the files; a model of another shape is not read but trained again
ARRAYS = ("columns", "rarity", "weights", "bias", "scale")
BATCH = 500
LEAST = 0.02  # the least a score counts for, before its logarithm is taken
TITLE_SHARE, TEXT_SHARE = 0.58, 0.81  # of a vector of length one
MEANING_SHARE = 0.32  # beside it
CAREFUL = ("middle", "meaning")


@dataclass(frozen=True)
class Model:
    """Labels and, for each, a weight of every column that counts.

    `columns` are the columns of `features.sequences` that are looked at, in order; `rarity` their weights by
    how few texts have them; `weights` (columns x labels) and `bias` give the scores; `scale` (a factor, a
    power, then one offset for each label) makes probabilities of the scores. A careful model looks at the
    meaning of titles too (`vectors.py`): `middle` is the mean of their vectors, `meaning` the weights of each.
    """

    labels: tuple[str, ...]
    columns: NDArray[np.int32]
    rarity: Floats
    weights: Floats
    bias: Floats
    scale: Floats
    middle: Floats | None = None
    meaning: Floats | None = None

    @property
    def careful(self) -> bool:
        """Whether it must be told the vectors of the titles."""
        return self.meaning is not None

    @cached_property
    def seen(self) -> Bits:
        """A bit for each column there may be: four megabytes that spare a search for what the model never saw."""
        return marked(self.columns)

    def probabilities(self, texts: Sequence[Text], vectors: Floats | None = None) -> Floats:
        """A row for each text, a column for each label; each row sums to one."""
        if vectors is not None:
            return self.told(sequences(texts), len(texts), vectors)
        parts = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        rows = [self.told(sequences(part), len(part)) for part in parts]
        return np.vstack(rows) if rows else np.zeros((0, len(self.labels)), np.float32)

    def told(self, found: Sequences, count: int, vectors: Floats | None = None) -> Floats:
        """The same of so many texts whose sequences are known already: several models may ask about them."""
        matrix = weighted(found, count, self.columns, self.rarity, self.seen)
        scores = np.asarray(matrix @ self.weights + self.bias, dtype=np.float32)
        if self.meaning is not None and self.middle is not None:
            if vectors is None:
                raise ValueError("this model needs the vectors of the titles")
            scores = scores + meant(vectors, self.middle) @ self.meaning
        return calibrated(scores, self.scale)


def marked(columns: NDArray[np.int32]) -> Bits:
    """These columns as bits, eight to a byte."""
    bits = np.zeros(COLUMNS // 8, np.uint8)
    np.bitwise_or.at(bits, columns >> 3, np.left_shift(1, columns & 7).astype(np.uint8))
    return bits


def weighted(
    found: Sequences, count: int, columns: NDArray[np.int32], rarity: Floats, seen: Bits | None = None
) -> Any:
    """Counts as (1 + log count) x rarity (TF-IDF, Salton's ltc), a row for each text (a CSR matrix).

    Title and text have a length of their own each, whatever they hold, so that a long text does not drown its
    title.
    """
    rows, every = found
    bits = marked(columns) if seen is None else seen
    kept = np.flatnonzero((bits[every >> 3] >> (every & 7).astype(np.uint8)) & 1)
    where = np.searchsorted(columns, every[kept].astype(np.int32))
    rows, places, times = counts(rows[kept], where, len(columns))
    values = (1 + np.log(times)) * rarity[places]
    in_text = columns[places] >= SIZE
    view = 2 * rows + in_text
    lengths = np.sqrt(np.bincount(view, values.astype(np.float64) ** 2, 2 * count))
    values = values / np.maximum(lengths, 1e-9)[view] * np.where(in_text, TEXT_SHARE, TITLE_SHARE)
    pointers = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count))))
    return csr_matrix((values.astype(np.float32), places, pointers), shape=(count, len(columns)))


def meant(vectors: Floats, middle: Floats) -> Floats:
    """Vectors of titles around their mean, weighted against the characters."""
    moved = vectors - middle
    lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return np.asarray(moved / lengths * MEANING_SHARE, np.float32)


def calibrated(scores: Floats, scale: Floats) -> Floats:
    """Scores as probabilities: softmax of factor x score + power x its logarithm + offset.

    A score of least squares on 0 and 1 is a probability already, only a poor one. With few labels its logarithm is
    what counts: of the score itself a sure answer would be made surer than it is, and one between two labels less
    sure. With many labels and few examples of each both count.
    """
    logits = scores * scale[0] + logarithm(scores) * scale[1] + scale[2:]
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def logarithm(scores: Floats) -> Floats:
    """What is not likely at all is as likely as the least."""
    return np.log(np.maximum(scores, LEAST))


def packed(model: Model) -> dict[str, Any]:
    """The arrays of a model by name."""
    names = (*ARRAYS, *CAREFUL) if model.careful else ARRAYS
    return {name: getattr(model, name) for name in names}


def unpacked(labels: Sequence[str], arrays: Mapping[str, Any]) -> Model:
    """A model from its parts; raises ValueError when they do not fit together."""
    missing = [name for name in ARRAYS if name not in arrays]
    if missing:
        raise ValueError(f"this model lacks {', '.join(missing)}")
    count, classes = len(arrays["columns"]), len(labels)
    shapes = {"rarity": (count,), "weights": (count, classes), "bias": (classes,), "scale": (classes + 2,)}
    if "meaning" in arrays:
        shapes |= {"middle": (arrays["meaning"].shape[0],), "meaning": (arrays["meaning"].shape[0], classes)}
    for name, shape in shapes.items():
        if arrays[name].shape != shape or arrays[name].dtype != np.float32:
            raise ValueError(f"{name} of this model has the shape {arrays[name].shape}, not {shape}")
    columns = arrays["columns"]
    if columns.dtype != np.int32 or not count or not 0 <= columns.min() <= columns.max() < COLUMNS:
        raise ValueError("the columns of this model are not columns of ours")
    return Model(tuple(labels), **{name: arrays[name] for name in ("columns", *shapes)})
