"""Who sees which cases."""

from shanzhi.cases import queries
from shanzhi.cases.tests.district import actor, opened
from shanzhi.orgs.actor import Actor


def test_the_platform_sees_everything_and_a_stranger_nothing(district: None) -> None:
    """What is public is asked for in the platform's name."""
    case = opened().id
    assert [row["id"] for row in queries.listed(Actor.system())] == [case]
    assert list(queries.visible_to(Actor.system()).values_list("pk", flat=True)) == [case]
    assert queries.listed(Actor.anonymous()) == []


def test_each_sees_what_is_his(district: None) -> None:
    case = opened().id
    for username, sees in (
        ("wangdama", 1),
        ("chenjumin", 0),
        ("wulian", 1),
        ("liwangge", 1),
        ("zhouwangge", 0),
    ):
        assert [row["id"] for row in queries.listed(actor(username))] == [case] * sees
