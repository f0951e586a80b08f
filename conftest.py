"""What all tests share: a home and a database of their own, and Chromium where there is one.

`SHANZHI_TEST_HOME`, or `test` in `SHANZHI_HOME`, or `var/test`, keeps the embedded test database; its data
is not synchronised to disk. `DATABASE_URL` is never used by tests.
"""

import os
import shutil
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parent


def _own_home() -> str:
    outer = Path(os.environ.get("SHANZHI_HOME", ROOT / "var"))
    return os.environ.setdefault("SHANZHI_TEST_HOME", str(outer.resolve() / "test"))


os.environ["SHANZHI_HOME"] = _own_home()
os.environ["SHANZHI_TEST"] = "1"
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanzhi.settings")
django.setup()  # only now: pytest-django looks for the settings before this file has named them

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
