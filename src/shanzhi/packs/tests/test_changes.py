"""The parts that differ are exactly those that differ."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.packs.changes import Part, parts

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_the_same_has_no_parts(value: Any) -> None:
    assert list(parts(value, value)) == []


@given(VALUES, VALUES)
def test_what_differs_has_some_and_each_says_what_it_was(was: Any, now: Any) -> None:
    found = list(parts(was, now))
    assert bool(found) == (was != now)
    assert len({one.path for one in found}) == len(found)
    for one in found:
        assert one.was == _at(was, one.path)
        assert one.now == _at(now, one.path)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError):
            return None
    return value


def test_a_changed_move_is_named_by_its_place() -> None:
    was = {"moves": {"dispatch": {"needs": []}}, "rows": [{"if": 1}]}
    now = {"moves": {"dispatch": {"needs": ["reason"]}}, "rows": [{"if": 1}, {"if": 2}]}
    assert list(parts(was, now)) == [
        Part(("moves", "dispatch", "needs"), [], ["reason"]),
        Part(("rows", 1), None, {"if": 2}),
    ]
