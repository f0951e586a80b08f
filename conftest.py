"""What all tests share: a home and a database of their own, and Chromium where there is one.

`SHANZHI_TEST_HOME`, or `test` in `SHANZHI_HOME`, or `var/test`, keeps the embedded test databases; their
data is not synchronised to disk. Each process of a parallel run has a server of its own, because readers of
the journal wait for every transaction of a server. `DATABASE_URL` is never used by tests.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings as django_settings
from hypothesis import settings
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent


def _own_home() -> str:
    outer = Path(os.environ.get("SHANZHI_HOME", ROOT / "var"))
    home = os.environ.setdefault("SHANZHI_TEST_HOME", str(outer.resolve() / "test"))
    return str(Path(home) / os.environ.get("PYTEST_XDIST_WORKER", ""))


os.environ["SHANZHI_HOME"] = _own_home()
os.environ["SHANZHI_TEST"] = "1"
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanzhi.settings")
django.setup()  # only now: pytest-django looks for the settings before this file has named them
del os.environ[
    "DJANGO_SETTINGS_MODULE"
]  # the processes of a parallel run would load them before they have a home

# Argon2 takes a tenth of a second for each password, on purpose; what is tested are not passwords, but for one test.
django_settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    *django_settings.PASSWORD_HASHERS,
]

# The same examples each time, so that what fails is the change; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("steady")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips browser tests where there is no browser, with the reason."""
    if CHROMIUM:
        return
    missing = pytest.mark.skip(reason="Chromium is missing (Debian: apt-get install chromium fonts-noto-cjk)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the Chromium that browser tests drive."""
    return CHROMIUM or ""


def forget_everything() -> None:
    """Empties what this process remembers of the database."""
    from shanzhi.web.tests.demo import forget

    forget()


@pytest.fixture(scope="module")
def _wuhou(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo pack in force for one file of tests, in a transaction that is rolled back after it."""
    from django.db import transaction

    from shanzhi.packs.actions import apply

    with django_db_blocker.unblock(), transaction.atomic():
        forget_everything()
        apply("system", ROOT / "packs" / "wuhou")
        yield
        transaction.set_rollback(True)
    forget_everything()


@pytest.fixture
def settled(transactional_db: None) -> None:
    """Waits until nobody else writes: readers of the journal stop before a transaction that still runs."""
    from shanzhi.journal.tables import run

    others = """SELECT pid, state, backend_type, application_name, left(query, 200) FROM pg_stat_activity
        WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()"""
    until = time.monotonic() + 20
    while found := run(others, []):
        assert time.monotonic() < until, f"transactions that do not end: {found}"
        time.sleep(0.02)


@pytest.fixture
def district(_wuhou: None, db: None) -> None:
    """Wuhou district as the demo pack describes it (in files without `transactional_db`)."""


@pytest.fixture
def even_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day without rush hours: what a way takes does not hang on when the tests run."""
    from shanzhi.dispatch.travel import Day

    monkeypatch.setattr(Day, "at", lambda self, minute: 1.0)


@pytest.fixture
def changing() -> Iterator[None]:
    """What this process remembers is forgotten after a test that puts other versions of items or rules in force."""
    yield
    forget_everything()


@pytest.fixture
def committed_district(transactional_db: None) -> Iterator[None]:
    """The same for tests with several connections: committed, and emptied afterwards."""
    from shanzhi.packs.actions import apply

    forget_everything()
    apply("system", ROOT / "packs" / "wuhou")
    yield
    forget_everything()
