"""What `bench/` and `tools/` hold still starts: all that they import is there, and the small ones run through."""

import ast
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [
    f"{folder}.{file.stem}"
    for folder in ("bench", "tools")
    for file in sorted((ROOT / folder).glob("[!_]*.py"))
]
LINE = """NAME : few
VEHICLES : 3
CAPACITY : 4
SERVICE_TIME : 1
NODE_COORD_SECTION
1 0 0\n2 0 3\n3 4 0\n4 4 3\n5 8 3
DEMAND_SECTION
1 0\n2 1\n3 1\n4 1\n5 1
TIME_WINDOW_SECTION
1 0 100\n2 0 90\n3 0 90\n4 5 90\n5 0 90
EOF
"""


def imported(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Modules and the names taken from them, those that a function imports when it is called too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, []) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module), [one.name for one in node.names]


@pytest.mark.parametrize("name", MODULES)
def test_all_that_it_imports_is_there(name: str) -> None:
    text = (ROOT / name.replace(".", "/")).with_suffix(".py").read_text()
    if name == "bench.rules_peers":  # runs in an environment of its own
        pytest.importorskip("zen")
    module = import_module(name)
    assert "__main__" not in text or callable(module.main)
    for other, names in imported(ast.parse(text)):
        found = import_module(other)
        for one in names:
            assert hasattr(found, one) or import_module(f"{other}.{one}")


def test_what_the_figures_name_is_there() -> None:
    named = set(re.findall(r"make bench NAME=(\w+)", (ROOT / "docs" / "figures.md").read_text()))
    assert named and named <= {name.partition(".")[2] for name in MODULES}


def test_planned_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bench import dispatch_static

    (tmp_path / "few.vrp").write_text(LINE)
    (tmp_path / "few.sol").write_text("Route #1: 1 3 4 2\nCost 20.0\n")
    monkeypatch.setenv("VRPTW", str(tmp_path))
    monkeypatch.delenv("ONLY", raising=False)
    monkeypatch.setattr(dispatch_static, "SECONDS", 0.05)
    dispatch_static.main()
    assert json.loads(capsys.readouterr().out)["gaps"] == {"few": pytest.approx(0.0)}


def test_one_minute_of_the_dispatch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bench import dispatch_replan

    for name, size in (("WORKERS", 20), ("TASKS", 40), ("TURNS", 1)):
        monkeypatch.setattr(dispatch_replan, name, size)
    dispatch_replan.main()
    assert json.loads(capsys.readouterr().out)["bench"] == "dispatch_replan"


def test_redrawing_grids(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from bench import grids

    for name, size in (("COLUMNS", 12), ("ROWS", 12), ("TURNS", 1)):
        monkeypatch.setattr(grids, name, size)
    grids.main()
    assert json.loads(capsys.readouterr().out)["grids"] == 144


def test_addresses(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from bench import address

    monkeypatch.setattr(address, "COUNT", 20)
    monkeypatch.delenv("DIVISIONS", raising=False)
    address.main()
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["bench"] == "address"
