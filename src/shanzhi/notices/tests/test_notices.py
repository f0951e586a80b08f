from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from shanzhi.notices import actions, queries
from shanzhi.notices.notice import Message
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import Account

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def somebody(username: str) -> Actor:
    return Actor("account", Account.objects.create(username=username, name=username).pk, username)


@pytest.fixture
def wang() -> Actor:
    return somebody("wangdama")


def message(actor: Actor, entry: UUID, kind: str = "case.closed") -> Message:
    return Message(actor.account or 0, entry, kind, AT, case=uuid4(), data={"number": "0000 0019"})


def test_everybody_is_told_once_however_often_the_reader_starts_again(wang: Actor) -> None:
    li, entry = somebody("liwangge"), uuid4()
    for _ in range(3):
        actions.tell([message(wang, entry), message(li, entry), message(wang, entry, "case.rate_me")])
    assert [n["kind"] for n in queries.inbox(wang)] == ["case.rate_me", "case.closed"]
    assert len(queries.inbox(li)) == 1
    assert queries.inbox(li)[0]["data"] == {"number": "0000 0019"}
    assert queries.inbox(li)[0]["created_at"] == AT


def test_many_are_told_in_two_statements_and_nobody_in_none(
    wang: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        actions.tell(message(wang, uuid4()) for _ in range(500))
    with django_assert_num_queries(0):
        actions.tell([])
    with django_assert_num_queries(2):
        assert (len(queries.inbox(wang, limit=1000)), queries.unread(wang)) == (200, 500)


def test_one_reads_on_where_one_stopped(wang: Actor) -> None:
    actions.tell(message(wang, uuid4()) for _ in range(5))
    first = queries.inbox(wang, limit=3)
    rest = queries.inbox(wang, before=first[-1]["id"])
    assert len({n["id"] for n in first + rest}) == 5


def test_one_marks_ones_own_as_read_and_no_others(wang: Actor) -> None:
    li = somebody("liwangge")
    actions.tell([message(wang, uuid4()), message(wang, uuid4()), message(li, uuid4())])
    mine = [n["id"] for n in queries.inbox(wang)]
    assert actions.read(li, mine) == 0
    assert actions.read(wang, mine[:1]) == 1
    assert actions.read(wang) == 1
    assert (queries.unread(wang), queries.unread(li)) == (0, 1)


@pytest.mark.parametrize("nobody", [Actor.anonymous(), Actor.system(), Actor("client", 1, "x")])
def test_only_accounts_have_notices(nobody: Actor) -> None:
    assert queries.inbox(nobody) == []
    assert queries.unread(nobody) == 0
    assert actions.read(nobody) == 0
