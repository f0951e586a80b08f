from uuid import UUID, uuid4

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.journal import queries as journal
from shanzhi.journal.tables import write
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.models import Account
from shanzhi.residents import actions, queries
from shanzhi.residents.person import Contact, row

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
HE = Actor("account", 101, "何接线", (Grant("operator", "510107"),))
LI = Actor("account", 102, "李网格", (Grant("grid_worker", "510107"),))


@pytest.fixture
def wang() -> UUID:
    return actions.contact(HE, name="王大妈", phone="13812345678", address="玉林南路12号")


def test_whoever_reports_twice_is_one_person(wang: UUID) -> None:
    assert actions.contact(HE, name="王大妈", phone="138-1234-5678") == wang
    assert actions.contact(HE, phone="13812345678") == wang
    assert queries.by_phone("13812345678") == [wang]


def test_two_may_share_a_phone_and_neither_overwrites_the_other(wang: UUID) -> None:
    child = actions.contact(SYSTEM, name="王小明", phone="13812345678")
    assert child != wang
    assert set(queries.by_phone("13812345678")) == {child, wang}
    assert queries.masked([wang])[wang].name == "王**"


@pytest.mark.parametrize(("name", "phone"), [("", ""), (" ", "12"), ("", "x")])
def test_a_contact_must_be_one(name: str, phone: str) -> None:
    with pytest.raises(Invalid):
        actions.contact(HE, name=name, phone=phone)


def test_screens_show_people_masked_in_one_statement(
    wang: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        shown = queries.masked([wang, uuid4()])
    assert set(shown) == {wang}
    assert (shown[wang].name, shown[wang].phone, shown[wang].address) == (
        "王**",
        "138****5678",
        "玉林南路**号",
    )


def test_the_table_holds_no_plain_text(wang: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(t::text::bytea, 'escape') FROM residents_person t")
        [(text,)] = cursor.fetchall()
    for secret in ("王大妈", "13812345678", "玉林"):
        assert secret not in text
        assert secret.encode().hex() not in text


def test_each_look_at_plain_data_is_an_entry_with_its_reason_and_without_the_data(wang: UUID) -> None:
    case = uuid4()
    seen = actions.look(HE, wang, reason="回访电话", case=case)
    actions.look(HE, wang, reason="再次回访", case=case)
    assert (seen.name, seen.phone) == ("王大妈", "13812345678")
    first, second = journal.stream(wang)
    assert (first.kind, first.actor) == ("person.looked", "account:101")
    assert first.data == {"person": str(wang), "reason": "回访电话", "case": str(case)}
    assert second.data["reason"] == "再次回访"
    assert "13812345678" not in str([e.data for e in (first, second)])


@pytest.mark.parametrize("reason", ["", " ", "x"])
def test_nobody_looks_without_a_reason(wang: UUID, reason: str) -> None:
    with pytest.raises(Invalid):
        actions.look(HE, wang, reason=reason, case=uuid4())
    assert journal.stream(wang) == []


@pytest.mark.parametrize("actor", [LI, Actor.anonymous(), Actor("client", 1, "x")])
def test_nobody_looks_without_the_right(wang: UUID, actor: Actor) -> None:
    with pytest.raises(Denied):
        actions.look(actor, wang, reason="just curious", case=uuid4())
    assert journal.stream(wang) == []


def test_the_right_to_see_people_in_cases_does_not_open_people_outside_them(wang: UUID) -> None:
    with pytest.raises(Denied):
        actions.look(HE, wang, reason="回访电话")


def test_whether_a_person_exists_is_told_to_those_with_the_right_only() -> None:
    with pytest.raises(Denied):
        actions.look(LI, uuid4(), reason="guessing", case=uuid4())
    with pytest.raises(NotFound):
        actions.look(HE, uuid4(), reason="guessing", case=uuid4())


def account(username: str) -> Actor:
    made = Account.objects.create(username=username, name="王大妈")
    return Actor("account", made.pk, "王大妈", (Grant("resident"),))


def test_everybody_sees_and_corrects_his_own_and_no_other(wang: UUID) -> None:
    me, other = account("me"), account("other")
    mine = actions.contact(me, name="王大妈", phone="13900000000", account=me.account)
    assert queries.own(me) == mine
    assert actions.contact(me, name="王大妈", phone="13911111111", account=me.account) == mine
    assert actions.look(me, mine, reason="").phone == "13900000000"
    actions.correct(me, mine, phone="13911111111", address="")
    assert actions.look(me, mine, reason="").phone == "13911111111"
    assert queries.by_phone("13911111111") == [mine]
    assert "139" not in str([entry.data for entry in journal.stream(mine)])
    for stranger in (other, Actor.anonymous()):
        with pytest.raises(Denied):
            actions.correct(stranger, mine, name="Eve")
        with pytest.raises(Denied):
            actions.consent(stranger, mine, purpose="push", basis="")


def test_consent_is_given_once_and_can_be_withdrawn() -> None:
    me = account("me")
    mine = actions.contact(me, name="王大妈", account=me.account)
    actions.consent(me, mine, purpose="push", basis="个人信息保护法 第十四条")
    assert queries.has_consent(mine, "push")
    with pytest.raises(Conflict):
        actions.consent(me, mine, purpose="push", basis="again")
    actions.withdraw(me, mine, purpose="push")
    assert not queries.has_consent(mine, "push")
    with pytest.raises(NotFound):
        actions.withdraw(me, mine, purpose="push")
    assert [e.kind for e in journal.stream(mine)] == ["consent.given", "consent.withdrawn"]


def test_a_thousand_people_are_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = [
        row(queries.keys(), Contact("某人", f"138{n % 900:08d}"), at=now()) for n in range(1000)
    ]  # some of them twice
    with django_assert_num_queries(1):
        write([actions.rows(people)])
    assert len(queries.by_phone("13800000007")) == 1
