"""Who sees which cases."""

from django.db.models import Q

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


def test_a_statement_that_is_kept_is_the_one_that_django_makes(district: None) -> None:
    """Twice for each asker and filter: made, and taken from what is kept."""
    opened()
    filters = (Q(), Q(open=True), Q(open=False), Q(state="reported"), Q(state="closed"), Q(pk__in=[]))
    for username in ("wangdama", "chenjumin", "wulian", "liwangge", "zhouwangge") * 2:
        asker = actor(username)
        for condition in filters:
            plain = queries.visible_to(asker).filter(condition).order_by("-opened_at", "-id")
            assert queries.listed(asker, filters=condition) == list(plain.values(*queries.LISTED))
