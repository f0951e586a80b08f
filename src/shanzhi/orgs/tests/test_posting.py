"""Who works in which grid on which day: the rule, and that permissions follow the same days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.tests.district import actor, opened
from shanzhi.journal.queries import stream as entries
from shanzhi.orgs import posted
from shanzhi.orgs.actions import stream
from shanzhi.orgs.models import Account, Posting
from shanzhi.orgs.posting import Away, Duty, Post, responsible, spans
from shanzhi.places.history import today

GRID, OTHER = "510107005001001", "510107005001002"
DAY, ONE = date(2026, 11, 25), timedelta(days=1)
days = st.integers(0, 12).map(lambda n: DAY + n * ONE)
ends = st.one_of(st.none(), days)
posts = st.lists(
    st.builds(Post, st.integers(1, 4), st.sampled_from([GRID, GRID[:12]]), days, ends), max_size=5
)
leaves = st.lists(
    st.builds(Away, st.integers(1, 4), days, days, st.one_of(st.none(), st.integers(1, 5))), max_size=4
)


@given(posts, leaves, days)
def test_nobody_on_leave_is_responsible_and_nobody_twice(
    posted: list[Post], away: list[Away], day: date
) -> None:
    found = responsible(posted, away, GRID, day)
    absent = {one.account for one in away if one.on(day)}
    assert not absent & {one.account for one in found}
    assert len({one.account for one in found}) == len(found)
    for duty in found:
        holder = duty.instead_of or duty.account
        assert any(one.account == holder and one.on(day) for one in posted)


@given(posts, leaves)
def test_spans_say_for_each_day_what_the_day_says(posted: list[Post], away: list[Away]) -> None:
    first, last = DAY + ONE, DAY + 10 * ONE
    found = list(spans(posted, away, GRID, first, last))
    assert (found[0].first, found[-1].last) == (first, last)
    assert all(one.last + ONE == other.first for one, other in zip(found, found[1:], strict=False))
    for one in found:
        for n in range((one.last - one.first).days + 1):
            assert responsible(posted, away, GRID, one.first + n * ONE) == one.duties


def test_a_substitute_stands_in_and_is_named_with_whom_he_stands_in_for() -> None:
    there, away = [Post(1, GRID, DAY)], [Away(1, DAY + ONE, DAY + 2 * ONE, 2)]
    assert responsible(there, away, GRID, DAY) == (Duty(1),)
    assert responsible(there, away, GRID, DAY + ONE) == (Duty(2, 1),)
    assert responsible(there, [*away, Away(2, DAY, DAY + 9 * ONE)], GRID, DAY + ONE) == ()
    assert responsible(there, away, OTHER, DAY) == ()


@pytest.fixture
def worker(district: None) -> int:
    """周网格, who works elsewhere and is posted to a grid in Yulin."""
    return Account.objects.get(username="zhouwangge").pk


@pytest.mark.parametrize(
    ("begins", "ends", "sees"), [(0, 0, True), (0, None, True), (1, None, False), (-3, -1, False)]
)
def test_a_posting_opens_its_grid_on_its_days_only(
    worker: int, begins: int, ends: int | None, sees: bool
) -> None:
    case = opened()
    assert not cases.may_see(actor("zhouwangge"), case)
    last = None if ends is None else today() + ends * ONE
    posted.post(actor("sunpaiqian"), worker, GRID, today() + begins * ONE, last)
    assert cases.may_see(actor("zhouwangge"), case) is sees
    assert actor("zhouwangge").has("grid_worker", area=GRID) is sees
    assert not actor("zhouwangge").has("grid_worker", area=OTHER)


@pytest.mark.parametrize(
    ("begins", "ends", "gets_in"), [(-2, -1, False), (-1, 0, True), (0, 1, True), (1, 2, False)]
)
def test_a_substitute_gets_in_on_these_days_and_not_the_day_before_or_after(
    worker: int, begins: int, ends: int, gets_in: bool
) -> None:
    boss, li = actor("sunpaiqian"), Account.objects.get(username="liwangge").pk
    posted.post(boss, li, GRID, today() - 9 * ONE)
    case = opened()
    made = posted.leave(boss, li, today() + begins * ONE, today() + ends * ONE, worker)
    assert cases.may_see(actor("zhouwangge"), case) is gets_in
    assert posted.responsible_in(GRID, today()) == ((Duty(worker, li),) if gets_in else (Duty(li),))
    posted.come_back(boss, made.pk)
    assert not cases.may_see(actor("zhouwangge"), case)
    kinds = [one.kind for one in entries(stream(f"account:{li}"))]
    assert kinds[-3:] == ["posting.made", "leave.set", "leave.cancelled"]


def test_a_session_reads_postings_with_the_account_in_one_statement(
    worker: int, client: object, django_assert_num_queries: object
) -> None:
    posted.post(actor("sunpaiqian"), worker, GRID, today())
    client.force_login(Account.objects.get(pk=worker))  # type: ignore[attr-defined]
    answer = client.get("/desk/?tab=all")  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert answer.wsgi_request.user.known_as.has("grid_worker", area=GRID)


def test_only_who_says_who_works_there_posts_and_nobody_gives_more_than_the_grid(worker: int) -> None:
    for username in ("liwangge", "wangdama", "zhaochuzhi"):
        with pytest.raises(Denied):
            posted.post(actor(username), worker, GRID, today())
    with pytest.raises(Denied):  # 张督办 leads Yulin only
        posted.post(actor("zhangdudao"), worker, "510107001004001", today())
    boss = actor("zhangdudao")
    for area in ("510107005", "510107", "999999999999999", ""):
        with pytest.raises(Invalid):
            posted.post(boss, worker, area, today())
    resident = Account.objects.get(username="wangdama").pk
    with pytest.raises(Invalid):
        posted.post(boss, resident, GRID, today())
    made = posted.post(boss, worker, GRID, today())
    with pytest.raises(Conflict):
        posted.post(boss, worker, GRID, today() + ONE)
    with pytest.raises(NotFound):
        posted.end(actor("liwangge"), made.pk, today())
    posted.end(boss, made.pk, today() - ONE)  # it never began
    assert not Posting.objects.exists()


def test_leave_is_set_by_who_posts_and_not_twice(worker: int) -> None:
    boss = actor("zhangdudao")
    with pytest.raises(Denied):  # he is posted nowhere
        posted.leave(boss, worker, today(), today())
    posted.post(boss, worker, GRID, today())
    with pytest.raises(Invalid):
        posted.leave(boss, worker, today(), today(), worker)
    posted.leave(boss, worker, today(), today() + ONE)
    with pytest.raises(Conflict):
        posted.leave(boss, worker, today() + ONE, today() + 2 * ONE)
    assert posted.away_from(GRID[:9], today()) == {worker: None}


def test_who_works_for_an_organisation_goes_on_leave_by_who_posts_in_its_area(worker: int) -> None:
    [zhao, qian, han] = [actor(one).account or 0 for one in ("zhaochuzhi", "qianchuzhi", "hanyulin")]
    street, county = actor("zhangdudao"), actor("sunpaiqian")
    with pytest.raises(Denied):  # the bureau is the whole district's
        posted.leave(street, zhao, today(), today())
    made = posted.leave(county, zhao, today(), today() + ONE, qian)
    posted.leave(street, han, today(), today())  # the street office of Yulin
    listed = posted.leaves_of([], today(), GRID[:12])
    assert {one.account_id for one in listed} == {zhao, han}
    assert posted.leaves_of([], today()) == []
    with pytest.raises(NotFound):
        posted.come_back(street, made.pk)
    posted.come_back(county, made.pk)
    assert posted.away([zhao, qian, han], today()) == {han}


def test_a_table_is_taken_as_a_whole_or_not_at_all(worker: int) -> None:
    boss = actor("sunpaiqian")
    head = "username,area,first,last\n"
    rest = ("nobody,{},2026-01-01,", "liwangge,{},1.1.2026,", "liwangge,1,2026-01-01,")
    wrong = f"{head}zhouwangge,{GRID},2026-01-01,\n" + "\n".join(one.format(GRID) for one in rest)
    assert [line for line, _ in posted.import_postings(boss, wrong).faults] == [3, 4, 5]
    assert not Posting.objects.exists()
    good = f"{head}zhouwangge,{GRID},2026-01-01,\nliwangge,{OTHER},2026-01-01,2026-06-30\n"
    assert posted.import_postings(boss, good).n == 2
    assert posted.import_postings(boss, "a,b\n1,2\n").faults[0][0] == 1
