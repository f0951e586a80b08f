"""Whether a machine may send a case on by itself: what a mistake costs against what a person's look costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Decision = Literal["automatic", "person"]


@dataclass(frozen=True, slots=True)
class Costs:
    """What a district reckons with, in any unit, minutes of work for instance.

    `wrong`: a case sent to the wrong hands by the machine; `look`: a person who looks at it first; `floor`: the
    probability below which a person looks whatever the costs say.
    """

    wrong: float
    look: float
    floor: float = 0.5

    def __post_init__(self) -> None:
        if not (self.wrong > 0 and self.look >= 0 and 0 <= self.floor <= 1):
            raise ValueError("costs are positive, and the floor lies between 0 and 1")


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision, the category it is about, and the probability that it had to reach."""

    decision: Decision
    label: str
    probability: float
    threshold: float


def threshold(costs: Costs) -> float:
    """The probability from which the machine's mistakes cost less than looking: (1 - p) x wrong <= look."""
    return max(costs.floor, 1 - costs.look / costs.wrong)


def decide(probabilities: Mapping[str, float], costs: Costs, *, raised: bool = False) -> Decided:
    """The likeliest category, sent on by itself or after a person's look. What is `raised` is always looked at.

    Of equally likely categories the first by name; with none at all a person decides.
    """
    needed = threshold(costs)
    if not probabilities:
        return Decided("person", "", 0.0, needed)
    label = min(probabilities, key=lambda one: (-probabilities[one], one))
    sure = probabilities[label] >= needed and not raised
    return Decided("automatic" if sure else "person", label, probabilities[label], needed)
