"""The demo pack in the test database, for the doors' tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

PACK = Path(__file__).parents[4] / "packs" / "wuhou"


def forget() -> None:
    """Empties what this process remembers of the database: tests roll back, or empty, what it was read from."""
    from shanzhi.orgs import limits, queries
    from shanzhi.packs.queries import forget as look_again

    for name in [name for name in sys.modules if name.startswith("shanzhi.")]:
        for value in list(vars(sys.modules[name]).values()):
            if callable(getattr(value, "cache_clear", None)) and getattr(value, "__module__", "") == name:
                value.cache_clear()
    queries.forget()
    limits.forget()
    look_again()


@pytest.fixture(scope="module")
def wuhou_once(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """武侯区 applied once for all tests of a file, and taken back after them."""
    from django.db import transaction

    from shanzhi.packs.actions import apply

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        atomic = transaction.atomic()
        atomic.__enter__()
        forget()
        apply("system", PACK)
        forget()
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
        forget()


@pytest.fixture
def wuhou(wuhou_once: None, db: None) -> None:
    """The demo district; what a test does in it is undone after the test."""


def signed_in(username: str) -> Client:
    """A browser in which somebody of the demo is signed in."""
    from shanzhi.orgs.models import Account

    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(username=username))
    return client
