"""`shanzhi hot` over a file: what is one topic, and what a file must look like."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shanzhi.cli import app
from shanzhi.cli.common import USAGE

HEAD = "id,user,title,time,text\n"
FILL = ("路灯不亮", "垃圾无人清运", "公交车太少", "学位不够", "电梯故障", "物业乱收费", "停车难")
ROWS = [f"{n},u{n},{n}号院{FILL[n % 7]},2026-11-20 08:00:00,第{n}栋{FILL[n % 7]}很久了" for n in range(50)]
NIGHT = [
    "n1,a,和平里工地夜间施工扰民,2026/11/24 23:10:00,和平里工地夜里施工到凌晨两点",
    "n2,b,和平里工地凌晨还在施工,2026-11-25 02:00:00,和平里工地夜里施工到凌晨两点吵得睡不着",
]


def written(path: Path, rows: list[str], encoding: str = "utf-8") -> str:
    file = path / "messages.csv"
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding=encoding)
    return str(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_two_wordings_are_one_topic_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    said = CliRunner().invoke(app, ["hot", written(tmp_path, ROWS + NIGHT, encoding), "--json"])
    assert said.exit_code == 0, said.output
    topics = {tuple(one["ids"]): one for one in json.loads(said.output)["topics"]}
    assert topics["n1", "n2"]["people"] == 2
    assert topics["n1", "n2"]["growth"] == 1


def test_a_table_for_people(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["hot", written(tmp_path, NIGHT)])
    assert said.exit_code == 0
    assert "和平里" in said.output


def test_what_is_no_such_file_is_said(tmp_path: Path) -> None:
    no_time = CliRunner().invoke(app, ["hot", written(tmp_path, ["1,u,题,昨天,话"])])
    assert no_time.exit_code == USAGE
    (tmp_path / "messages.csv").write_text("a,b\n1,2\n")
    no_column = CliRunner().invoke(app, ["hot", str(tmp_path / "messages.csv")])
    assert no_column.exit_code == USAGE
    (tmp_path / "messages.csv").write_text(HEAD)
    nothing = CliRunner().invoke(app, ["hot", str(tmp_path / "messages.csv"), "--json"])
    assert json.loads(nothing.output)["topics"] == []
