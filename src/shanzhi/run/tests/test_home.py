from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shanzhi.run.home import ONLY_WHEN_ASKED, Home, parse


def test_a_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path, "")
    secret = home.secret("django")
    assert len(secret) >= 64
    assert home.secret("django") == secret
    assert (tmp_path / "secrets" / "django").stat().st_mode & 0o077 == 0
    assert [f.name for f in (tmp_path / "secrets").iterdir()] == ["django"]


def test_without_an_address_the_database_is_embedded(tmp_path: Path) -> None:
    settings = Home(tmp_path, "").database()
    assert settings["EMBEDDED"] == str(tmp_path / "pg")
    assert settings["NAME"] == "shanzhi"


def test_with_an_address_nothing_is_embedded(tmp_path: Path) -> None:
    settings = Home(tmp_path, "postgresql://li@db.example/city").database()
    assert settings["HOST"] == "db.example"
    assert not settings["EMBEDDED"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://li:p%40ss@db:6432/city", ("city", "li", "p@ss", "db", "6432", {})),
        ("postgresql:///city?host=%2Frun%2Fpg", ("city", "postgres", "", "/run/pg", "", {})),
        (
            "postgresql://db/city?sslmode=verify-full",
            ("city", "postgres", "", "db", "", {"sslmode": "verify-full"}),
        ),
    ],
)
def test_addresses(url: str, expected: tuple[Any, ...]) -> None:
    settings = parse(url)
    assert tuple(settings[k] for k in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == (
        *expected[:-1],
        {"prepare_threshold": ONLY_WHEN_ASKED, **expected[-1]},
    )


def test_threads_that_need_a_secret_at_the_same_time_get_the_same_one(tmp_path: Path) -> None:
    home = Home(tmp_path, "")
    with ThreadPoolExecutor(32) as threads:
        found = {name: set(threads.map(home.secret, [name] * 64)) for name in map(str, range(20))}
    assert all(len(secrets) == 1 for secrets in found.values())
