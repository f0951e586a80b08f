"""Everybody hears of what he may see, and of nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.orgs.permissions import EVERYTHING, Scope
from shanzhi.web.hub import WAITING, Hub, News

AREAS = st.sampled_from(["510107", "510107005", "510107005001", "510107009"])
ORGS = st.sampled_from(["centre", "parks", "police"])
ACCOUNTS = st.integers(1, 3)
NEWS = st.builds(
    News,
    st.integers(0, 99).map(lambda n: f"data: {n}\n\n".encode()),
    AREAS,
    st.frozensets(ORGS, max_size=2),
    st.frozensets(ACCOUNTS, max_size=2),
)
SCOPES = st.just(EVERYTHING) | st.builds(
    Scope,
    areas=st.lists(AREAS, max_size=2).map(tuple),
    orgs=st.lists(ORGS, max_size=2).map(tuple),
    account=st.none() | ACCOUNTS,
)


@given(st.lists(SCOPES, max_size=6), st.lists(NEWS, max_size=6))
def test_each_hears_exactly_what_he_may_see(scopes: list[Scope], news: list[News]) -> None:
    hub = Hub()
    members = [hub.join(scope) for scope in scopes]
    hub.publish(news)
    for scope, member in zip(scopes, members, strict=True):
        heard = b"" if member.queue.empty() else member.queue.get_nowait()
        may = [one.data for one in news if scope.covers(one.area, one.orgs, one.accounts)]
        assert sorted(heard.split(b"\n\n")[:-1]) == sorted(data[:-2] for data in may)
        assert member.queue.empty()


@given(st.lists(SCOPES, max_size=6))
def test_who_has_left_hears_nothing_and_leaves_nothing_behind(scopes: list[Scope]) -> None:
    hub = Hub()
    members = [hub.join(scope) for scope in scopes]
    assert hub.count == len(scopes)
    for member in members:
        hub.leave(member)
        hub.leave(member)  # twice does no harm
    hub.publish([News(b"x", "510107", frozenset(), frozenset())])
    assert (hub.count, dict(hub.groups)) == (0, {})
    assert all(member.queue.empty() for member in members)


def test_who_does_not_keep_up_is_let_go_and_holds_nobody_up() -> None:
    hub = Hub()
    slow, other = hub.join(EVERYTHING), hub.join(Scope(areas=("510107",)))
    one = News(b"data: x\n\n", "510107", frozenset(), frozenset())
    for _ in range(WAITING + 1):
        hub.publish([one])
        other.queue.get_nowait()
    assert slow.lost
    assert not other.lost
