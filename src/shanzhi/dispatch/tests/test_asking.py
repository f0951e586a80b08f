"""Who is asked to stand by in the demo district, and who sees it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from shanzhi.base.clock import now
from shanzhi.base.ids import new_id
from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import YULIN, actor, later
from shanzhi.dispatch import inforce
from shanzhi.dispatch.jobs import forget, plan
from shanzhi.dispatch.models import SettingRow, Shift, StandRow
from shanzhi.dispatch.queries import own_wait
from shanzhi.dispatch.queries.watch import watch
from shanzhi.dispatch.tests.town import EAST, ORG, asked_to_wait, on_shift, waiting

pytestmark = pytest.mark.usefixtures("district", "even_day")
FAR = YULIN[0] + 8 * EAST  # eleven kilometres of road, 41 minutes by e-bike


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack wants people to stand by."""
    body = SettingRow.objects.get(name="dispatch").body
    SettingRow.objects.filter(name="dispatch").update(body={**body, "standby": {"within": 20}})
    inforce._setting.cache_clear()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    inforce._setting.cache_clear()


def arose(count: int, lon: float = FAR) -> None:
    """So many urgent tasks at a place three days ago, done since."""
    case = waiting()
    opened = now() - timedelta(days=3) + timedelta(hours=1)
    facts = {"urgency": "urgent", "open": False, "address": "东门外", "opened_at": opened, "lon": lon}
    Case.objects.filter(pk=case.id).update(**facts)
    same = Case.objects.filter(pk=case.id).values().get()
    for n in range(1, count):
        Case.objects.create(**{**same, "id": new_id(), "number": same["number"] + n})


def test_one_of_two_idle_people_waits_where_nobody_would_be_in_time_and_all_see_why(standing: None) -> None:
    near, other = on_shift("zhaochuzhi", 0.5), on_shift("qianchuzhi", 0.4)
    arose(12)
    plan()
    [row] = StandRow.objects.all()
    assert (row.account, row.org, row.lon, row.address) == (near, ORG, FAR, "东门外")
    assert 30 < row.walk < 50
    found = own_wait(actor("zhaochuzhi"), now())
    assert found is not None
    assert own_wait(actor("qianchuzhi"), now()) is None
    with translation.override("en"):
        people = {one.hand.account: one.wait for one in watch(actor("sunpaiqian"), ORG, now()).people}
    assert people[other] is None
    told = people[near]
    assert told is not None
    assert told.why == (
        "nobody else would be there within 20 minutes; 12 urgent tasks arose there in 28 days"
    )
    since = row.since
    plan(later(minutes=2))
    assert StandRow.objects.get().since == since, "who stands there already is enough"


def test_who_is_given_something_or_goes_home_waits_nowhere(standing: None) -> None:
    account = on_shift("zhaochuzhi", 0.5)
    on_shift("qianchuzhi", 0.4)
    arose(12)
    plan()
    assert StandRow.objects.get().account == account
    Shift.objects.filter(account=account).update(end=now() - timedelta(minutes=1))
    assert own_wait(actor("zhaochuzhi"), now()) is None
    plan(later(minutes=2))
    [row] = StandRow.objects.all()
    assert row.account != account, "the other one goes instead, though nobody is left here"


def test_nobody_walks_where_the_pack_does_not_ask_or_little_arises(standing: None) -> None:
    on_shift("zhaochuzhi", 0.5)
    arose(1, lon=YULIN[0])
    plan()
    assert not StandRow.objects.exists(), "he is near"


def test_where_somebody_stood_by_is_forgotten_when_his_shift_is_over() -> None:
    asked_to_wait(on_shift("zhaochuzhi"))
    forget(later(hours=6))
    assert StandRow.objects.exists()
    forget(later(hours=8))
    assert not StandRow.objects.exists()


def test_a_pack_that_does_not_name_it_asks_nobody() -> None:
    on_shift("zhaochuzhi", 0.5)
    on_shift("qianchuzhi", 0.4)
    arose(12)
    plan()
    assert not StandRow.objects.exists()
