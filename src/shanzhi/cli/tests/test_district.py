"""A district on the command line, from its pack to its backup."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from shanzhi.run.tests.command import ROOT, shanzhi

PACK = str(ROOT / "packs" / "wuhou")
REPLIES = ROOT / "packs" / "wuhou" / "imports" / "replies.yaml"
HEADER = ["id", "title", "text", "time", "reply", "reply_time", "explains"]
GOOD = [
    ["1", "路灯不亮", "门口的路灯坏了一周", "2019/4/25 9:32:09", "已修好", "2019/5/9 10:00:00", "1"],
    ["2", "占道", "共享单车乱停放", "2019/4/26 9:32:09", "已清理", "2019/4/26 9:40:00", "0"],
]
BAD = [
    ["", "没有编号", "x", "2019/4/25 9:32:09", "x", "2019/5/9 10:00:00", "1"],
    ["3", "太长", "长" * 20_001, "2019/4/25 9:32:09", "x", "2019/5/9 10:00:00", "1"],
    ["4", "没有答复", "还没有人来", "2019/4/25 9:32:09", "", "", ""],
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the demo pack in force."""
    folder = tmp_path_factory.mktemp("district")
    assert shanzhi("migrate", home=folder).returncode == 0
    before = shanzhi("pack", "diff", PACK, home=folder)
    assert "case-types\n  + application" in before.stdout
    done = shanzhi("pack", "apply", PACK, home=folder)
    kinds = len(list((Path(PACK) / "case-types").glob("*.yaml")))
    assert f"case-types: {kinds} add" in done.stdout
    return folder


def test_what_is_applied_changes_nothing_again(home: Path) -> None:
    assert shanzhi("pack", "diff", PACK, home=home).stdout.strip() == "nothing would change"
    assert shanzhi("pack", "apply", PACK, home=home).stdout.strip() == "nothing to change"
    assert json.loads(shanzhi("pack", "diff", PACK, "--json", home=home).stdout) == {}


def test_a_difference_is_shown_field_by_field(home: Path, tmp_path: Path) -> None:
    pack = tmp_path / "wuhou"
    shutil.copytree(PACK, pack)
    orgs = pack / "orgs.csv"
    key, name = orgs.read_text().splitlines()[1].split(",")[:2]
    orgs.write_text(orgs.read_text().replace(name, f"{name}（新）", 1))
    shown = shanzhi("pack", "diff", str(pack), home=home).stdout
    assert f"orgs\n  ~ {key}\n      name: '{name}' → '{name}（新）'" in shown
    found = json.loads(shanzhi("pack", "diff", str(pack), "--json", home=home).stdout)
    assert found["orgs"]["change"][key]["now"]["name"] == f"{name}（新）"


def bring_in(home: Path, folder: Path, rows: list[list[str]], header: list[str] = HEADER) -> tuple[int, Any]:
    file = folder / "replies.csv"
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    done = shanzhi("import", str(file), "--mapping", str(REPLIES), "--json", home=home)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


@pytest.fixture(scope="module")
def brought(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Any]:
    """What was said of a table with good and bad rows."""
    return bring_in(home, tmp_path_factory.mktemp("table"), [GOOD[0], *BAD, GOOD[1]])


def test_rows_go_through_the_loop_to_a_rated_end_and_what_does_not_fit_is_named(
    brought: tuple[int, Any],
) -> None:
    code, outcome = brought
    faults = {fault["line"]: fault["message"] for fault in outcome["faults"]}
    assert code == 1
    assert {name: value for name, value in outcome.items() if name != "faults"} == {
        "rows": 5,
        "opened": 3,
        "known": 0,
        "moves": 2 * 4 + 2,
        "ratings": 2,
        "said": "",
    }
    assert list(faults) == [3, 4, 5]
    assert "id" in faults[3]
    assert "20000" in faults[4]
    assert "result" in faults[5]


@pytest.mark.usefixtures("brought")
def test_again_nothing_changes_and_what_was_missing_is_made_good(home: Path, tmp_path: Path) -> None:
    late = [*BAD[2][:4], "现在有了", "2019/6/1 9:00:00", "1"]
    before = json.loads(shanzhi("verify", "--json", home=home).stdout)
    assert bring_in(home, tmp_path, GOOD)[1]["known"] == 2
    assert json.loads(shanzhi("verify", "--json", home=home).stdout)["digest"] == before["digest"]
    code, outcome = bring_in(home, tmp_path, [*GOOD, late])
    assert code == 0
    assert (outcome["opened"], outcome["known"], outcome["moves"], outcome["ratings"]) == (0, 3, 2, 1)
    assert json.loads(shanzhi("verify", "--json", home=home).stdout)["found"] == []


def test_a_table_without_a_column_is_refused_at_once(home: Path, tmp_path: Path) -> None:
    code, complaint = bring_in(home, tmp_path, [row[:5] for row in GOOD], HEADER[:5])
    assert code == 1
    assert "has no column reply_time" in complaint


@pytest.mark.usefixtures("brought")
def test_a_backup_restored_verifies_the_same(home: Path, tmp_path: Path) -> None:
    assert shanzhi("backup", str(tmp_path / "all.tar"), home=home).returncode == 0
    other = tmp_path / "other"
    assert shanzhi("restore", str(tmp_path / "all.tar"), home=other).returncode == 0
    before, after = (json.loads(shanzhi("verify", "--json", home=h).stdout) for h in (home, other))
    assert after == before
    assert before["cases"] > 0
    assert shanzhi("restore", str(tmp_path / "all.tar"), home=other).returncode == 1


def test_people_are_answered_in_words(home: Path) -> None:
    assert shanzhi("work", "--once", home=home).returncode == 0
    assert "notices" in shanzhi("readers", home=home).stdout
    assert "0 discrepancies" in shanzhi("verify", home=home).stdout
    said = shanzhi("doctor", home=home).stdout
    assert "ok   the pack wuhou is in force" in said
    assert "ok   the reader notices is 0 entries behind" in said
