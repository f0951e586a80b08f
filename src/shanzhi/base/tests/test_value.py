"""A value is equal by what it holds, and nothing in it is set anew: the type checker sees to that."""

from dataclasses import field

import pytest

from shanzhi.base.value import as_dict, dataclass, replace


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: int = 0


@dataclass(frozen=True, slots=True)
class Alone:
    words: tuple[str, ...] = field(default=(), kw_only=True)


def test_values_are_equal_and_hashed_by_what_they_hold() -> None:
    assert {Pair(1), Pair(1, 0), replace(Pair(2, 1), left=1, right=0)} == {Pair(1)}


def test_one_like_another_but_for_some_fields() -> None:
    before = Pair(1, 2)
    assert replace(before, right=3) == Pair(1, 3)
    assert before == Pair(1, 2)
    assert replace(Alone(), words=("a",)) == Alone(words=("a",))
    with pytest.raises(TypeError):
        replace(before, middle=3)  # type: ignore[call-arg]


def test_its_fields_by_name() -> None:
    assert as_dict(Pair(1)) == {"left": 1, "right": 0}
    assert as_dict(Alone(words=("a", "b"))) == {"words": ("a", "b")}


def test_the_type_checker_refuses_to_set_a_field() -> None:
    """Without its refusal the comment below would be one too many, and that is an error too."""
    pair = Pair(1)
    pair.left = 2  # type: ignore[misc]
    assert pair == Pair(2)
