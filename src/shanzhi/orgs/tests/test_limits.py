from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from pytest_django import DjangoAssertNumQueries

from shanzhi.orgs import limits
from shanzhi.orgs.models import Bucket


@pytest.mark.django_db
def test_a_bucket_gives_one_minute_worth_and_then_nothing() -> None:
    assert [limits.allow("wang", per_minute=5) for _ in range(7)] == [True] * 5 + [False] * 2
    assert limits.allow("li", per_minute=5)


@pytest.mark.django_db
def test_a_bucket_fills_with_time() -> None:
    for _ in range(6):
        limits.allow("wang", per_minute=6)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orgs_bucket SET at = at - interval '20 seconds'")
    assert [limits.allow("wang", per_minute=6) for _ in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_taking_is_one_statement(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(10):  # one in a thousand also clears away old buckets
        for _ in range(9):
            limits.allow("wang", per_minute=600)


@pytest.mark.django_db
def test_a_busy_client_costs_a_statement_for_each_twentieth_of_a_minute(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(3):
        assert all(limits.allow_often("client:1", per_minute=20_000) for _ in range(1900))


@pytest.mark.django_db
def test_a_busy_client_gets_no_more_than_its_minute() -> None:
    allowed = sum(limits.allow_often("client:1", per_minute=100) for _ in range(200))
    assert allowed == 100


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_there_is() -> None:
    def ask(_: int) -> bool:
        try:
            return limits.allow("wang", per_minute=10)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(40))) == 10


@pytest.mark.django_db
def test_old_buckets_are_cleared_away() -> None:
    limits.allow("wang", per_minute=5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orgs_bucket SET at = at - interval '2 hours'")
        cursor.execute(limits.FORGET)
    assert not Bucket.objects.exists()
