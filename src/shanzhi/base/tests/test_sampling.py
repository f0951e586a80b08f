"""A sample that anybody can draw again, and in which every case is as likely."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.sampling import draw, frame, shared

ids = st.lists(st.uuids(), max_size=40, unique=True)


@given(ids, st.integers(0, 50), st.text(), st.randoms())
def test_the_same_seed_draws_the_same_whatever_the_order(
    found: list[UUID], size: int, seed: str, random: object
) -> None:
    mixed = list(found)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    sample = draw(found, size, seed)
    assert draw(mixed, size, seed) == sample
    assert frame(mixed) == frame(found)
    assert len(sample) == len(set(sample)) == min(size, len(found))
    assert set(sample) <= set(found)


def test_every_case_is_as_likely() -> None:
    cases = [UUID(int=n) for n in range(10)]
    drawn = Counter(case for seed in range(10_000) for case in draw(cases, 3, str(seed)))
    chi2 = sum((drawn[case] - 3_000) ** 2 / 3_000 for case in cases)
    assert chi2 < 27.9  # the 0.1 % point with 9 degrees of freedom; the seeds are fixed


@given(ids, st.lists(st.integers(), min_size=1, max_size=5, unique=True))
def test_evaluators_share_evenly(found: list[UUID], people: list[int]) -> None:
    counts = Counter(who for _case, who in shared(found, people))
    assert sum(counts.values()) == len(found)
    assert max(counts[who] for who in people) - min(counts[who] for who in people) <= 1


def test_without_evaluators_nothing_is_shared() -> None:
    with pytest.raises(ValueError, match="nobody"):
        shared([UUID(int=1)], [])
