import numpy as np
import pytest
from scipy import integrate, stats

from shanzhi.dispatch.board import TooMany, arrays, left
from shanzhi.dispatch.costs import Urgency, Weights
from shanzhi.dispatch.tests.boards import NAMES, task, worker


def test_what_is_left_of_work_is_the_mean_of_those_that_last_longer() -> None:
    for spent in (0.0, 7.0, 20.0, 45.0):
        law = stats.gamma(4, scale=5.0)
        rest = integrate.quad(law.sf, spent, np.inf)[0] / law.sf(spent)
        assert left(np.array([20.0]), np.array([spent]))[0] == pytest.approx(rest, rel=0.01)
    assert left(np.array([20.0, 20.0]), np.array([5.0, 50.0]), spread=0).tolist() == [15.0, 0.0]
    assert 0 < left(np.array([20.0]), np.array([1e6]))[0] < 20, "who does not report is not busy for ever"


def test_boards_number_skills_grids_and_urgencies() -> None:
    workers, tasks = arrays([worker("李网格", skills=frozenset({"a", "b"}), area="g2")],
                            [task("x", skills=frozenset({"b"}), area="g2"), task("y", urgency="?")], NAMES)  # fmt: skip
    assert workers.skills[0] & tasks.skills[0] == tasks.skills[0] != 0 == tasks.skills[1]
    assert workers.area[0] == tasks.area[0] and tasks.area[1] == -1
    assert tasks.urgency.tolist() == [2, 2], "an urgency that nobody knows is the mildest"


def test_more_skills_than_a_mask_holds_are_refused() -> None:
    with pytest.raises(TooMany, match="65 skills"):
        arrays([worker("李网格", skills=frozenset(map(str, range(65))))], [], NAMES)


@pytest.mark.parametrize(
    "wrong", [{"people": 0}, {"minutes": -1.0}, {"earliest": 9.0, "latest": 3.0}, {"due": np.nan}]
)
def test_a_task_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="task x"):
        task("x", **wrong)


def test_weights_that_make_no_sense_are_refused() -> None:
    for wrong in ({"urgencies": ()}, {"keep": -1.0}, {"urgencies": (Urgency("u", margin=0.0),)}):
        with pytest.raises(ValueError, match="weights"):
            Weights(**wrong)
