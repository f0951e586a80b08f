"""Which open cases a caller may mean."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.hotline.alike import Said, alike, likeness, metres, ranked
from shanzhi.hotline.grams import grams, rarity, shared, words

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE = (104.06, 30.63)
PIPE = "玉林东路小区门口水管爆裂，路面全是水"
IDS = [UUID(int=n) for n in range(1, 5)]
texts = st.text(alphabet="水管爆裂漏路灯不亮小区门口ab1，。", max_size=40)


def said(text: str, hours: float = 0, lon: float | None = HERE[0], category: str = "E0402") -> Said:
    return Said(text, AT - timedelta(hours=hours), category, "510107005001", lon, HERE[1] if lon else None)


def test_the_same_pipe_is_found_and_the_lamp_beside_it_is_not() -> None:
    rows = [
        (IDS[0], said("玉林东路水管爆裂，水漫到路面", 2)),
        (IDS[1], said("玉林东路的路灯不亮", 2, category="C0108")),
        (IDS[2], said("水管爆裂", 2, lon=104.16)),
    ]
    [found] = alike(said(PIPE), rows)
    assert found.case == IDS[0]
    assert found.metres == 0
    assert "水管爆裂" in found.words
    assert found.hours == 2


def test_near_beats_far_and_new_beats_old() -> None:
    near, far = said("水管爆裂"), said("水管爆裂", lon=104.065)
    assert likeness(near, near, 0.5) > likeness(near, far, 0.5)
    assert likeness(near, said("水管爆裂", 1), 0.5) > likeness(near, said("水管爆裂", 90), 0.5)


@given(texts, texts)
def test_sharing_lies_between_nothing_and_all_and_is_the_same_both_ways(one: str, other: str) -> None:
    a, b = grams(one), grams(other)
    weights = rarity([a, b])
    assert 0 <= shared(a, b, weights) <= 1 + 1e-9
    assert abs(shared(a, b, weights) - shared(b, a, weights)) < 1e-9
    assert not a or abs(shared(a, a, weights) - 1) < 1e-9
    assert all(len(word) >= 3 for word in words(a, b, weights))


@given(st.lists(texts, max_size=4), st.floats(0, 1))
def test_a_likeness_is_a_share_and_the_likest_come_first(each: list[str], near: float) -> None:
    assert 0 <= likeness(said("甲"), said("乙", 3, lon=None), near) <= 1
    found = alike(said(PIPE), [(IDS[n], said(text, n)) for n, text in enumerate(each)])
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_place_that_is_not_known_has_no_distance() -> None:
    assert metres(said("甲", lon=None), said("乙")) is None


def test_closed_cases_are_ranked_by_their_words() -> None:
    rows = [
        {"id": 1, "title": "路灯", "text": "路灯不亮"},
        {"id": 2, "title": "水管", "text": "水管爆裂漏水"},
    ]
    assert [row["id"] for row in ranked("水管爆裂", rows, most=3, least=0.05)] == [2]
