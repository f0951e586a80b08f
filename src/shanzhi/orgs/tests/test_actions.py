import pytest

from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn
from shanzhi.journal import queries as journal
from shanzhi.orgs import actions, queries
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.models import Account, Client, Org
from shanzhi.orgs.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_an_administrator_opens_accounts_and_the_journal_holds_no_name(administrator: Account) -> None:
    actor = queries.actor_of(administrator)
    made = actions.open_account(
        actor, "LiWangge", PASSWORD, name="李网格", grants=[Grant("grid_worker", "510107")]
    )
    assert made.username == "liwangge"
    [entry] = journal.stream(actions.stream(f"account:{made.pk}"))
    assert (entry.kind, entry.actor) == ("account.opened", actor.ref)
    assert "李网格" not in str(entry.data)
    assert "liwangge" not in str(entry.data)


def test_nobody_else_does(zhang: Account) -> None:
    for actor, error in ((queries.actor_of(zhang), Denied), (Actor.anonymous(), NotSignedIn)):
        with pytest.raises(error):
            actions.open_account(actor, "eve", PASSWORD, name="Eve")
        with pytest.raises(error):
            actions.grant(actor, zhang.pk, [Grant("administrator")])
        with pytest.raises(error):
            actions.close_account(actor, zhang.pk)
        with pytest.raises(error):
            actions.open_client(actor, "eve")


def test_a_username_is_taken_however_it_is_written(wang: Account) -> None:
    with pytest.raises(Conflict):
        actions.open_account(SYSTEM, "WANGDAMA", PASSWORD, name="王大妈")


@pytest.mark.parametrize("password", ["short", "password123", "1234567890123", "wangdama2024"])
def test_a_weak_password_is_refused(db: None, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.open_account(SYSTEM, "wangdama", password, name="王大妈")
    assert refused.value.errors[0].field == "password"


@pytest.mark.parametrize(
    "grant",
    [
        Grant("emperor", "510107"),
        Grant("grid_worker"),
        Grant("handler"),
        Grant("handler", "510107"),
        Grant("handler", org="no-such-org"),
    ],
)
def test_a_grant_that_would_grant_nothing_is_refused(chengguan: Org, wang: Account, grant: Grant) -> None:
    with pytest.raises(Invalid):
        actions.grant(SYSTEM, wang.pk, [grant])


def test_grants_replace_those_there_were(chengguan: Org, zhang: Account) -> None:
    actions.grant(SYSTEM, zhang.pk, [Grant("handler", org="chengguan"), Grant("handler", org="chengguan")])
    found = Account.objects.get(pk=zhang.pk)
    assert queries.actor_of(found).grants == (Grant("handler", org="chengguan"),)
    assert queries.people_of("chengguan") == {zhang.pk: "张督办"}
    assert queries.holders("street_leader", "510107001") == []


def test_people_responsible_for_an_area_are_found(zhang: Account) -> None:
    assert queries.holders("street_leader", "510107001003") == [zhang.pk]
    assert queries.holders("street_leader", "510107002") == []
    assert queries.account_names([zhang.pk, 0]) == {zhang.pk: "张督办"}


def test_a_token_can_be_revoked_by_its_owner_and_by_no_other(zhang: Account, wang: Account) -> None:
    token, _ = actions.open_token(queries.actor_of(zhang), "script")
    with pytest.raises(Denied):
        actions.revoke(queries.actor_of(wang), token.pk)
    assert actions.revoke(queries.actor_of(zhang), token.pk).revoked_at
    assert Client.objects.get(pk=token.pk).revoked_at


def test_what_is_not_there(db: None) -> None:
    for call in (
        lambda: actions.grant(SYSTEM, 0, []),
        lambda: actions.close_account(SYSTEM, 0),
        lambda: actions.revoke(SYSTEM, 0),
        lambda: actions.open_token(Actor.anonymous(), "x"),
    ):
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize("per_minute", [0, -1, 10_000_001])
def test_a_client_has_a_sensible_limit(db: None, per_minute: int) -> None:
    with pytest.raises(Invalid):
        actions.open_client(SYSTEM, "x", per_minute=per_minute)
