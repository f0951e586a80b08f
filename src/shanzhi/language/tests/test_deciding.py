"""The machine sends on by itself only where its mistakes cost less than a person's look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.language.deciding import Costs, decide, threshold

COSTS = st.builds(Costs, st.floats(0.1, 1e4), st.floats(0, 1e4), st.floats(0, 1))
PROBABILITIES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1), min_size=1)


def test_a_look_of_three_minutes_against_an_hour() -> None:
    costs = Costs(wrong=60, look=3)
    assert threshold(costs) == 0.95
    assert decide({"a": 0.96, "b": 0.04}, costs).decision == "automatic"
    assert decide({"a": 0.94, "b": 0.06}, costs).decision == "person"


def test_nothing_known_is_decided_by_a_person() -> None:
    assert decide({}, Costs(1, 1)).decision == "person"


@pytest.mark.parametrize(
    ("wrong", "look", "floor"), [(0, 1, 0.5), (1, -1, 0.5), (1, 1, 1.5), (float("nan"), 1, 0.5)]
)
def test_costs_that_make_no_sense_are_refused(wrong: float, look: float, floor: float) -> None:
    with pytest.raises(ValueError, match="costs"):
        Costs(wrong, look, floor)


@given(PROBABILITIES, COSTS)
def test_what_is_automatic_costs_no_more_than_looking(probabilities: dict[str, float], costs: Costs) -> None:
    made = decide(probabilities, costs)
    assert made.probability == max(probabilities.values())
    if made.decision == "automatic":
        assert (1 - made.probability) * costs.wrong <= costs.look + 1e-6
        assert made.probability >= costs.floor


@given(PROBABILITIES, COSTS)
def test_what_is_raised_is_always_looked_at(probabilities: dict[str, float], costs: Costs) -> None:
    assert decide(probabilities, costs, raised=True).decision == "person"


@given(PROBABILITIES, COSTS, st.floats(0, 1e4))
def test_dearer_mistakes_never_make_more_automatic(
    probabilities: dict[str, float], costs: Costs, more: float
) -> None:
    dearer = Costs(costs.wrong + more, costs.look, costs.floor)
    if decide(probabilities, costs).decision == "person":
        assert decide(probabilities, dearer).decision == "person"
