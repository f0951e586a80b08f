"""A value is equal by what it holds, and nothing in it is set anew: the type checker sees to that."""

from dataclasses import replace

from shanzhi.base.value import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: int = 0


def test_values_are_equal_and_hashed_by_what_they_hold() -> None:
    assert {Pair(1), Pair(1, 0), replace(Pair(2, 1), right=0)} == {Pair(1), Pair(2)}


def test_the_type_checker_refuses_to_set_a_field() -> None:
    """Without its refusal the comment below would be one too many, and that is an error too."""
    pair = Pair(1)
    pair.left = 2  # type: ignore[misc]
    assert pair == Pair(2)
