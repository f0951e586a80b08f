"""Examples, names and costs of a pack are refused with file and line."""

import shutil
from pathlib import Path

import pytest

from shanzhi.packs import queries
from shanzhi.packs.files import Pack

WUHOU = Path(__file__).parents[4] / "packs" / "wuhou"
ADDED = [
    ("examples.csv", "x-1,E9999,,路灯坏了,normal", "unknown_category"),
    ("examples.csv", "x-1,E01,,路灯坏了,normal", "unknown_category"),
    ("examples.csv", "x-1,E0101,,坏,normal", "string_too_short"),
    ("examples.csv", "x-1,E0101,,路灯坏了,soon", "string_pattern_mismatch"),
    ("examples.csv", "E0101-1,E0101,,路灯坏了,normal", "twice"),
    ("gazetteer.csv", "x-1,lane,某某路,510107001004,104.02,30.64,1,2,,true", "string_pattern_mismatch"),
    ("gazetteer.csv", "x-1,road,某某路,510107999004,104.02,30.64,1,2,,true", "unknown_area"),
    ("gazetteer.csv", "x-1,road,某某路,510107001004,104.02,30.64,9,2,,true", "numbers"),
    ("gazetteer.csv", "poi-0001,poi,某某苑,510107001004,104.02,30.64,0,0,,true", "twice"),
]


@pytest.mark.parametrize(("file", "row", "code"), ADDED)
def test_a_bad_row_is_named(tmp_path: Path, file: str, row: str, code: str) -> None:
    root = Path(shutil.copytree(WUHOU, tmp_path / "pack"))
    text = (root / file).read_text()
    (root / file).write_text(f"{text}{row}\n")
    [fault] = queries.check(Pack(root))
    assert (fault.file, fault.line, fault.code) == (file, text.count("\n") + 1, code)


def test_costs_that_make_no_sense_are_named(tmp_path: Path) -> None:
    root = Path(shutil.copytree(WUHOU, tmp_path / "pack"))
    text = (root / "pack.yaml").read_text()
    (root / "pack.yaml").write_text(text.replace("wrong: 60", "wrong: -1"))
    [fault] = queries.check(Pack(root))
    assert (fault.file, fault.code) == ("pack.yaml", "greater_than")


def test_a_pack_may_do_without(tmp_path: Path) -> None:
    root = Path(shutil.copytree(WUHOU, tmp_path / "pack"))
    (root / "examples.csv").unlink()
    (root / "gazetteer.csv").unlink()
    assert queries.check(Pack(root)) == []
