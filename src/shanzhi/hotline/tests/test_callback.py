"""Whom to call, and when to stop."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.hotline.callback import FINAL, OUTCOMES, REACHED, Attempt, status
from shanzhi.hotline.setting import Callbacks

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
SETTING = Callbacks(attempts=3)


def tried(*outcomes: str) -> list[Attempt]:
    return [Attempt(AT + timedelta(hours=5 * n), outcome) for n, outcome in enumerate(outcomes)]


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        ((), "waiting"),
        (("no_answer", "busy"), "waiting"),
        (("no_answer", "busy", "no_answer"), "unreachable"),
        (("wrong_number",), "unreachable"),
        (("refused",), "unreachable"),
        (("later", "later", "later", "later"), "waiting"),
        (("later", "no_answer", "later", "no_answer"), "waiting"),
    ],
)
def test_after_so_many_attempts_in_vain_nobody_is_tried_again(outcomes: tuple[str, ...], found: str) -> None:
    assert status(False, tried(*outcomes), SETTING) == found


@given(st.lists(st.sampled_from(OUTCOMES)))
def test_whoever_has_answered_is_not_called_again(outcomes: list[str]) -> None:
    assert status(True, tried(*outcomes), SETTING) == "done"


@given(st.lists(st.sampled_from([o for o in OUTCOMES if o not in (*FINAL, "later", REACHED)]), max_size=10))
def test_unreachable_is_whoever_was_tried_often_enough(outcomes: list[str]) -> None:
    found = status(False, tried(*outcomes), SETTING)
    assert (found == "unreachable") == (len(outcomes) >= SETTING.attempts)
