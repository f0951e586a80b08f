"""The handbook knows every setting, every command and every dependency."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "src" / "shanzhi"
OPERATING = (ROOT / "docs" / "operating.md").read_text()
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def settings() -> set[str]:
    """The environment variables that the code reads."""
    asked = re.compile(r"""(?:environ(?:\.get)?[\[(]|envvar=)\s*"([A-Z_]+)""")
    files = [file for file in SOURCE.rglob("*.py") if "tests" not in file.parts]
    return {name for file in files for name in asked.findall(file.read_text())}


def commands() -> list[str]:
    from shanzhi.cli import app

    return [str(c.name or getattr(c.callback, "__name__", "")) for c in app.registered_commands]


@pytest.mark.parametrize("name", sorted(settings()))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in OPERATING


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"`(shanzhi )?{name}\b", OPERATING)


def direct() -> list[str]:
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    names = [re.split(r"[\[<>=!~ ]", line)[0] for line in asked]
    return ["types-*" if name.startswith("types-") else name for name in names]


@pytest.mark.parametrize("name", sorted(set(direct())))
def test_every_dependency_is_documented(name: str) -> None:
    assert re.search(rf"[|,] {re.escape(name)}[ ,]", DEPENDENCIES)
