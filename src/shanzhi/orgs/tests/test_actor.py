import pytest

from shanzhi.orgs.actor import Actor, Grant

ZHANG = Actor("account", 7, "张督办", (Grant("street_leader", "510107001"),))
HANDLER = Actor("account", 8, "城管一", (Grant("handler", org="chengguan"), Grant("handler", org="shuiwu")))


@pytest.mark.parametrize(
    ("actor", "ref"),
    [
        (ZHANG, "account:7"),
        (Actor("client", 3, "热线"), "client:3"),
        (Actor.anonymous(), "anonymous"),
        (Actor.system(), "system"),
    ],
)
def test_entries_name_the_actor(actor: Actor, ref: str) -> None:
    assert actor.ref == ref


@pytest.mark.parametrize(
    ("role", "area", "org", "holds"),
    [
        ("street_leader", None, None, True),
        ("street_leader", "510107001", None, True),
        ("street_leader", "510107001003", None, True),
        ("street_leader", "510107", None, False),
        ("street_leader", "510107002", None, False),
        ("street_leader", "510107001", "chengguan", False),
        ("dispatcher", None, None, False),
    ],
)
def test_a_role_in_a_street_reaches_what_lies_in_it(
    role: str, area: str | None, org: str | None, holds: bool
) -> None:
    assert ZHANG.has(role, area, org) is holds


def test_a_role_in_an_organisation_is_held_for_that_one_only() -> None:
    assert HANDLER.has("handler", org="chengguan")
    assert HANDLER.has("handler", "510107", "shuiwu")
    assert not HANDLER.has("handler", org="gongan")
    assert HANDLER.orgs() == ("chengguan", "shuiwu")
    assert HANDLER.orgs("dispatcher") == ()
    assert HANDLER.areas("handler") == ()


def test_a_stranger_holds_nothing() -> None:
    stranger = Actor.anonymous()
    assert not stranger.is_known
    assert stranger.account is None
    assert stranger.roles() == frozenset()
    assert not stranger.has_any(["resident", "handler"])
