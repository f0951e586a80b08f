"""Training a model of texts: ridge regression on labels, and how far its scores can be believed.

Ridge regression has a closed form, gives the scores that each training text would have had without itself for
nothing (leave-one-out), and does as well here as logistic regression or a support vector machine at a fraction of
the time. The leave-one-out scores are what the probabilities are fitted to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shanzhi.language.features import Text, sequences
from shanzhi.language.model import Floats, Model, logarithm, meant, weighted

RIDGE = 0.1
RARE = 2  # a sequence that stands in fewer texts than this is not looked at
BATCH = 1_000
SMALL = 0.001  # how much offsets cost


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what it is."""

    text: Text
    label: str


def train(
    examples: Sequence[Example], background: Sequence[Text] = (), vectors: Floats | None = None
) -> Model:
    """A model of these examples. `background` are texts without labels: they say how rare a sequence is.

    With the vectors of the examples' titles it is a careful one. Raises ValueError when there are fewer than two
    labels.
    """
    labels = tuple(sorted({one.label for one in examples}))
    if len(labels) < 2:
        raise ValueError("a model needs examples of at least two labels")
    texts = [one.text for one in examples]
    columns, rarity = looked_at(texts, background)
    matrix = weighted(sequences(texts), len(texts), columns, rarity)
    target = np.array([labels.index(one.label) for one in examples])
    middle = None if vectors is None else np.asarray(vectors.mean(axis=0), np.float32)
    titles = None if vectors is None or middle is None else meant(vectors, middle)
    dual, bias, left_out = ridge(kernel(matrix, titles), target, len(labels))
    weights = np.asarray(matrix.T @ dual, np.float32)
    meaning = None if titles is None else np.asarray(titles.T @ dual, np.float32)
    scale = fitted_scale(left_out, target)
    return Model(labels, columns, rarity, weights, bias, scale, middle, meaning)


def kernel(matrix: Any, titles: Floats | None) -> NDArray[np.float64]:
    """How alike each two texts are."""
    alike = (matrix @ matrix.T).toarray().astype(np.float64)
    return alike if titles is None else np.asarray(alike + titles @ titles.T)


def looked_at(texts: Sequence[Text], background: Sequence[Text] = ()) -> tuple[NDArray[np.int32], Floats]:
    """The columns that a model looks at, in order, and their rarity: log of all texts over those that have it."""
    mine = _having(texts)
    everywhere = [mine, _having(background)]
    found, where = np.unique(np.concatenate([columns for columns, _ in everywhere]), return_inverse=True)
    having = np.bincount(where, np.concatenate([times for _, times in everywhere]))
    kept = (having >= RARE) & np.isin(found, mine[0])
    every = len(texts) + len(background)
    rarity = np.log((1 + every) / (1 + having[kept]))
    return found[kept].astype(np.int32), rarity.astype(np.float32)


def _having(texts: Sequence[Text]) -> tuple[Any, Any]:
    """Each column that occurs, and in how many texts."""
    parts = []
    for start in range(0, len(texts), BATCH):
        rows, columns = sequences(texts[start : start + BATCH])
        pairs = np.unique(columns * BATCH + rows)
        parts.append(np.unique(pairs // BATCH, return_counts=True))
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0)
    found, where = np.unique(np.concatenate([columns for columns, _ in parts]), return_inverse=True)
    return found, np.bincount(where, np.concatenate([times for _, times in parts]))


def ridge(alike: NDArray[np.float64], target: NDArray[Any], labels: int) -> tuple[Floats, Floats, Floats]:
    """The dual weights, the bias, and the scores each text would have had without itself.

    In the dual form, because there are far more columns than texts. Leaving one out: its error is its dual
    weight over the diagonal of the inverse (Rasmussen and Williams 2006, equation 5.12).
    """
    wanted = np.eye(labels)[target]
    bias = wanted.mean(axis=0)
    inverse = np.linalg.inv(alike + RIDGE * np.eye(len(alike)))
    dual = inverse @ (wanted - bias)
    left_out = wanted - dual / np.diag(inverse)[:, None]
    return dual.astype(np.float32), bias.astype(np.float32), left_out.astype(np.float32)


def fitted_scale(scores: Floats, target: NDArray[Any]) -> Floats:
    """The factor, the power and the offsets that make scores the likeliest probabilities (see `model.calibrated`).

    Vector scaling, after Guo et al. 2017, "On Calibration of Modern Neural Networks", of the scores and their
    logarithms; the offsets are kept small.
    """
    from scipy.optimize import minimize  # takes a second to load, and only training needs it
    from scipy.special import log_softmax

    labels, whole = scores.shape[1], len(target)
    parts = (scores.astype(np.float64), logarithm(scores).astype(np.float64))
    true = np.eye(labels)[target]

    def loss(scale: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        """How unlikely the truth is, and how that changes with the scale."""
        likely = log_softmax(parts[0] * scale[0] + parts[1] * scale[1] + scale[2:], axis=1)
        wrong = (np.exp(likely) - true) / whole
        slopes = [(wrong * part).sum() for part in parts]
        change = np.concatenate((slopes, wrong.sum(axis=0) + 2 * SMALL * scale[2:]))
        return float(-(likely * true).sum() / whole + SMALL * (scale[2:] ** 2).sum()), change

    start = np.concatenate(([3.0, 1.0], np.zeros(labels)))
    bounds = [(0.0, 100.0), (0.0, 20.0), *[(-3.0, 3.0)] * labels]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, np.float32)
