"""Like is compared with like: grids of about the same ground, people and reports; what is not known is not compared."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.cases.tests.district import actor, opened
from shanzhi.insight.alike import Ground, alike, compared
from shanzhi.insight.grounds import grounds
from shanzhi.insight.jobs import refresh
from shanzhi.insight.periods import Period, last_days
from shanzhi.orgs import posted
from shanzhi.places import queries as places
from shanzhi.places.history import today

numbers = st.one_of(st.none(), st.floats(0, 1e6))
ground = st.builds(Ground, numbers, numbers, numbers)
factors = st.floats(1.1, 10)


@given(ground, ground, factors)
def test_being_alike_is_mutual_and_grows_with_the_factor(one: Ground, other: Ground, factor: float) -> None:
    assert alike(one, other, factor) == alike(other, one, factor)
    assert not alike(one, other, factor) or alike(one, other, factor + 1)
    assert alike(one, one, factor) == bool(one.known)
    assert alike(one, other, factor) <= bool(set(one.known) & set(other.known))


@given(ground, st.dictionaries(st.integers(1, 30), ground), factors)
def test_nobody_is_compared_with_himself_nor_with_whose_ground_is_unlike(
    own: Ground, others: dict[int, Ground], factor: float
) -> None:
    found = compared(1, others | {1: own}, {1, *others, 99}, factor)
    assert 1 not in found.alike and found.of == len({*others, 99} - {1})
    if own.known:
        assert all(alike(own, others[one], factor) for one in found.alike)
        assert 99 not in found.alike  # nothing is known of his
    else:
        assert (found.ground, len(found.alike)) == (None, found.of)


def test_what_is_not_known_of_one_is_not_held_against_him() -> None:
    assert alike(Ground(10, None, 100), Ground(12, 5_000, 90), 2)
    assert not alike(Ground(10, 900, 100), Ground(12, 5_000, 90), 2)
    assert alike(Ground(cases=0), Ground(cases=2), 2)
    assert not alike(Ground(), Ground(), 2)


@pytest.mark.usefixtures("district")
def test_the_ground_is_that_of_all_grids_somebody_is_posted_to() -> None:
    boss, day = actor("sunpaiqian"), today()
    li, zhou = actor("liwangge").account or 0, actor("zhouwangge").account or 0
    posted.post(boss, li, "510107005001001", day - timedelta(days=5))
    posted.post(boss, zhou, "510107005001", day - timedelta(days=5))
    refresh([opened("chenjumin").id, opened("chenjumin").id])
    found = grounds(last_days(day, 30))
    sizes = {code: size for code, size in places.grid_hectares().items() if code.startswith("510107005001")}
    assert found[li].hectares == pytest.approx(sizes["510107005001001"])
    assert found[zhou].hectares == pytest.approx(sum(sizes.values()))
    assert (found[li].cases, found[zhou].cases) == (2, 2)
    assert found[li].people is None
    assert grounds(Period(day - timedelta(days=60), day - timedelta(days=40))) == {}
