"""The charts of the screen: whatever is counted, its marks lie inside the drawing and tell the same."""

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.screen.drawing import BOTTOM, HEIGHT, LEFT, LINES, TOP, WIDTH, days, pace, shade

COUNTS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), max_size=400)


@given(COUNTS)
def test_every_mark_lies_inside_and_stands_on_the_ground(counts: list[tuple[int, int]]) -> None:
    drawn = days([(f"2026-01-{n:02d}", one, two) for n, (one, two) in enumerate(counts)])
    for bar in drawn.bars:
        assert LEFT <= bar.x <= bar.x + bar.width <= WIDTH
        assert TOP <= bar.y <= HEIGHT - BOTTOM
        assert abs(bar.y + bar.height - (HEIGHT - BOTTOM)) < 0.11
    points = [one.split(",") for one in drawn.line.split()]
    assert len(points) == len(counts)
    assert all(LEFT <= float(x) <= WIDTH and TOP <= float(y) <= HEIGHT - BOTTOM for x, y in points)


@given(COUNTS.filter(bool))
def test_more_is_higher_and_the_top_line_is_above_all(counts: list[tuple[int, int]]) -> None:
    drawn = days([("2026-01-01", one, two) for one, two in counts])
    inside = sorted((bar.reported, bar.height) for bar in drawn.bars)
    assert [height for _, height in inside] == sorted(height for _, height in inside)
    assert drawn.across[-1][1] >= max(max(pair) for pair in counts)


@given(st.integers(0, 10**9))
def test_few_lines_at_round_numbers(most: int) -> None:
    step = pace(most)
    assert most <= step * LINES
    assert int(str(step).rstrip("0")) in (1, 2, 5)


def test_a_share_becomes_one_of_eleven_shades_and_nothing_none() -> None:
    assert [shade(0, 4), shade(1, 4), shade(4, 4), shade(0, 0), shade(3, None)] == [0, 2, 10, None, None]
