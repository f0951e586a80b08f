"""The assignment itself: who takes which column so that the sum is least, exactly or among the best of each. Pure.

SciPy's `linear_sum_assignment` (Jonker-Volgenant) is exact. Where a run grows beyond what it does in time, each
worker keeps the columns that are worth most to him, and the duals of that answer say how far from exact it can be.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from shanzhi.dispatch.board import Indices, Numbers

EXACT = 4_000_000  # pairs up to which the exact answer is sought
NEAREST = 96  # columns that each worker keeps beyond


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows and columns that belong together, their worth, and the least that any answer could have."""

    rows: Indices
    columns: Indices
    worth: float
    bound: float

    @property
    def gap(self) -> float:
        """How much worse than exact it can be at most, as a share."""
        return 0.0 if self.bound >= self.worth else (self.worth - self.bound) / abs(self.bound)


NONE = Pairs(np.zeros(0, np.intp), np.zeros(0, np.intp), 0.0, 0.0)


def solve(worth: Numbers, *, exact: int = EXACT, nearest: int = NEAREST) -> Pairs:
    """The best set of pairs by worth (negative is good; what is worth nothing is not made)."""
    from scipy.optimize import linear_sum_assignment  # takes a second to load, so not at start

    rows, columns = (np.flatnonzero((worth < 0).any(axis=side)) for side in (1, 0))
    if not len(rows):
        return NONE
    small = worth if worth.shape == (len(rows), len(columns)) else worth[np.ix_(rows, columns)]
    if small.size <= exact or nearest >= small.shape[1]:
        row, column = linear_sum_assignment(small)
        bound = None
    else:
        row, column, bound = _sparse(small, nearest)
    made = small[row, column] < 0
    row, column = row[made], column[made]
    total = float(small[row, column].sum())
    return Pairs(rows[row], columns[column], total, total if bound is None else min(bound, total))


def _sparse(worth: Numbers, nearest: int) -> tuple[Indices, Indices, float]:
    """Each row chooses among its `nearest` best columns, or a column of its own that is worth nothing."""
    count, width = worth.shape
    best = np.argpartition(worth, nearest - 1, axis=1)[:, :nearest]
    values = np.take_along_axis(worth, best, axis=1)
    own = np.arange(count)
    at = np.concatenate((np.repeat(own, nearest), own))
    to = np.concatenate((best.ravel(), width + own))
    # SciPy takes a zero for no edge; every row is matched once, so the same added to all changes nothing.
    shifted = np.concatenate((values.ravel(), np.zeros(count))) - (values.min() - 1.0)
    graph = csr_array((shifted, (at, to)), shape=(count, width + count))
    row, column = min_weight_full_bipartite_matching(graph)
    real = column < width
    row, column = row[real], column[real]
    return row, column, _bound(worth, best, values, row, column)


def _bound(worth: Numbers, best: Indices, values: Numbers, row: Indices, column: Indices) -> float:
    """What no answer over all columns can go below: the duals of the sparse one, less how far they are exceeded."""
    rows, columns = _duals(worth, best, values, row, column)
    reduced = worth - rows[:, None] - columns[None, :]
    exceeded = np.minimum(reduced.min(axis=1), -rows)  # -rows: the column of one's own, worth nothing
    return float((rows + np.minimum(exceeded, 0.0)).sum() + columns.sum())


def _duals(
    worth: Numbers, best: Indices, values: Numbers, row: Indices, column: Indices
) -> tuple[Numbers, Numbers]:
    """Prices of rows and columns, from the shortest ways over what was not chosen (Bellman-Ford).

    A column that is free costs nothing; one that is taken costs its row's worth less that row's price.
    """
    count, width = worth.shape
    taken = np.zeros(count)
    taken[row] = worth[row, column]
    holder = np.full(width, -1, np.intp)
    holder[column] = row
    held = holder[best]
    free = np.where(held < 0, values, 0.0)
    prices = np.minimum(free.min(axis=1), 0.0)  # who gets nothing has a price of nothing
    for _ in range(count):
        through = np.where(held >= 0, values - taken[held] + prices[held], np.inf).min(axis=1)
        lower = np.minimum(prices, through)
        if np.allclose(lower, prices, rtol=0, atol=1e-9):
            break
        prices = lower
    columns = np.zeros(width)
    columns[column] = np.minimum(taken[row] - prices[row], 0.0)
    return prices, columns
