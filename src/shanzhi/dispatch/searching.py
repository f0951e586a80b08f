"""The search for rounds: PyVRP's local search, led by annealing over the time there is. Pure but for the clock.

PyVRP (Wouda, Lan, Kool 2024) disturbs some stops that are near to each other and mends; it does so well, and in C++.
Its own rule of when to keep what came of it (late acceptance) is made for half an hour: in twenty seconds with 1,000
stops and few long rounds it had settled after ten. Annealing (Kirkpatrick et al. 1983) cools by the share of the time
that is spent, so that a search is as thorough as its budget allows, whatever that is.
"""

import warnings
from collections.abc import Callable
from random import Random
from typing import Any

HOT, COLD = 2.0, 0.02  # first and last heat, as shares of how far apart neighbours are
STIRRED = 25  # stops that one step disturbs at most
# How the prices of broken loads and windows follow whether half of the answers keep them. PyVRP looks each 500 steps:
# in three seconds that is a few times only.
FOLLOWING: dict[str, Any] = {
    "solutions_between_updates": 100,
    "target_feasible": 0.5,
    "penalty_increase": 1.3,
    "penalty_decrease": 0.8,
}


def searched(
    data: Any,
    *,
    near: float,
    prices: tuple[float, float],
    begin: float,
    budget: float,
    seed: int,
    clock: Callable[[], float],
) -> Any:
    """The best solution found until `budget` seconds after `begin`; None where none keeps all windows and loads.

    `data` is PyVRP's problem, `near` how far apart neighbours are in the unit of its distances, `prices` what a unit of
    load too much and a second too late cost at first. The same seed and the same readings of the clock give the same
    answer.
    """
    from pyvrp import PenaltyManager, PenaltyParams, RandomNumberGenerator, Solution
    from pyvrp.exceptions import PenaltyBoundWarning

    # What no price can mend is answered with None, and told with its reason.
    warnings.filterwarnings("ignore", category=PenaltyBoundWarning)
    dice, rng = Random(seed), RandomNumberGenerator(seed=seed)
    load, late = prices
    kept = PenaltyManager(([load] * data.num_load_dimensions, late, late), PenaltyParams(**FOLLOWING))
    mended = _mending(data, rng)
    now = best = mended(Solution.make_random(data, rng), kept.max_cost_evaluator(), exhaustive=True)
    while budget > 0 and (spent := (clock() - begin) / budget) < 1:
        costs = kept.cost_evaluator()
        tried = mended(now, costs)
        kept.register(tried)
        if costs.cost(tried) < costs.cost(best):
            best = tried
        heat = near * HOT * (COLD / HOT) ** spent
        if costs.penalised_cost(tried) - costs.penalised_cost(now) < heat * dice.expovariate(1):
            now = tried
    return best if best.is_feasible() else None


def _mending(data: Any, rng: Any) -> Any:
    """PyVRP's local search with all the moves that suit the problem."""
    from pyvrp.search import (
        OPERATORS,
        LocalSearch,
        PerturbationManager,
        PerturbationParams,
        compute_neighbours,
    )

    found = LocalSearch(
        data, rng, compute_neighbours(data), PerturbationManager(PerturbationParams(1, STIRRED))
    )
    for move in OPERATORS:
        if move.supports(data):
            found.add_operator(move(data))
    return found
