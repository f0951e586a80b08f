"""One family of errors."""

import pytest

from shanzhi.base import errors
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, Problem, TooMany

FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Problem)]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_error_can_be_told_without_a_word_more(kind: type[Problem]) -> None:
    problem = kind()
    assert problem.code == kind.code
    assert 400 <= problem.status < 600
    assert str(problem) == problem.message == kind.default
    assert (problem.hint, problem.facts) == (kind("x").hint, {})


def test_codes_and_statuses_tell_errors_apart() -> None:
    assert len({kind.code for kind in FAMILY}) == len({kind.status for kind in FAMILY}) == len(FAMILY) == 11


def test_a_message_is_filled_in_with_its_facts() -> None:
    problem = Conflict("%(who)s was faster", who="李网格", code="taken", hint="Look again")
    assert str(problem) == "李网格 was faster"
    assert problem.message == "%(who)s was faster"  # the door translates it first
    assert (problem.code, problem.status, problem.hint) == ("taken", 409, "Look again")
    assert Conflict.code == "conflict"


@pytest.mark.parametrize("message", ["100 % of %(what)s", "%(which)s", "%d", "%"])
def test_a_slip_in_a_message_does_not_hide_the_error(message: str) -> None:
    assert str(NotFound(message, what="it")) == message


def test_a_message_without_facts_may_hold_a_percent_sign() -> None:
    assert str(TooMany("100 % used")) == "100 % used"


def test_invalid_tells_the_fields() -> None:
    problem = Invalid(
        errors=[FieldError("phone", "This is not a phone number"), FieldError("at", "x", {"n": 1})]
    )
    assert [error.field for error in problem.errors] == ["phone", "at"]
    assert problem.errors[0].facts == {}
    assert Invalid().errors == []
