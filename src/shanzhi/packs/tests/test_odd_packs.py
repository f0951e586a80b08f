"""Packs that are wrong in ways that nobody expects: none is applied, and each fault says where it is."""

import shutil
from pathlib import Path

import pytest

from shanzhi.packs import queries
from shanzhi.packs.actions import Faulty, apply
from shanzhi.packs.files import Pack
from shanzhi.packs.section import sections
from shanzhi.packs.tests.test_applying import WUHOU, copied, spoilt

STREET, SERVICES = "case-types/street-issue.yaml", "services/business.yaml"

# The file, what stands there, what it is made into, its code.
FAULTS = [
    ("pack.yaml", 'county: "510107"', "county: 510107", "string_type"),
    ("pack.yaml", "name: wuhou", "name: ../../etc", "string_pattern_mismatch"),
    ("pack.yaml", "demo: true", "demmo: true", "extra_forbidden"),
    (STREET, "within: 24h", "within: 0h", "value_error"),
    (STREET, "version: 5", "version: 99999999999", "less_than_equal"),
    ("orgs.csv", "water,", f"{'x' * 65},", "odd"),
    ("orgs.csv", "运行中心,centre", f"运行{'长' * 200}中心,centre", "odd"),
    ("orgs.csv", "市场监督管理局,department", "市场监督管理局,Big Castle", "odd"),
    ("hotline.yaml", "values: [self_harm, threat]", "values: [self_hram]", "unknown"),
    ("patrol.yaml", "every: 1d", "every: 0d", "value_error"),
    ("patrol.yaml", "lon: 104.060754", "lon: 14.060754", "greater_than_equal"),
    (
        SERVICES,
        'age: ">= 16"',
        'age: ">= sixteen"',
        "type",
    ),  # in a file whose items have the version of `defaults`
    ("categories.csv", "code,zh,en,", "code,zh,zh,", "twice"),
    ("gazetteer.csv", "1,42,,true", "1,99999999999,,true", "less_than_equal"),
    ("facilities.csv", "浆洗街", "浆洗\0街", "nul"),
    ("answers.yaml", "answer: 先拨打", 'answer: "\\0" #先拨打', "nul"),
    ("notices.yaml", "【武侯善治】新任务", "\0【武侯善治】新任务", "nul"),
]


def test_all_are_found_at_once_and_each_where_it_is(tmp_path: Path) -> None:
    root = copied(tmp_path)
    expected = {(file, spoilt(root, file, there, made), code) for file, there, made, code in FAULTS}
    assert expected <= {(f.file, f.line, f.code) for f in queries.check(Pack(root))}


@pytest.mark.parametrize("head", ["", "- 1\n", "text\n", "name: x\n", "{}\n", None])
def test_a_folder_that_is_no_pack_never_empties_a_district(
    district: None, tmp_path: Path, head: str | None
) -> None:
    if head is not None:
        (tmp_path / "pack.yaml").write_text(head)
    before = {section.name: section.current() for section in sections()}
    with pytest.raises(Faulty) as caught:
        apply("system", tmp_path)
    assert {fault.file for fault in caught.value.faults} == {"pack.yaml"}
    assert {section.name: section.current() for section in sections()} == before


def test_a_pack_without_its_areas_never_takes_all_places_away(district: None, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text('name: wuhou\ncounty: "510107"\n')
    with pytest.raises(Faulty) as caught:
        apply("system", tmp_path)
    assert [(f.file, f.line, f.code) for f in caught.value.faults] == [("pack.yaml", 2, "unknown_area")]


def test_what_was_applied_changes_only_with_a_higher_version(district: None, tmp_path: Path) -> None:
    root = copied(tmp_path)
    spoilt(root, "rules/urgency.yaml", "en: A sudden event}", "en: Sudden}")
    rule = 1 + (root / "rules/urgency.yaml").read_text().split("\nversion:")[0].count("\n") + 1
    item = (
        spoilt(root, SERVICES, "zh: 公民登记为个体工商户", "zh: 登记为个体工商户") - 2
    )  # where the item begins
    with pytest.raises(Faulty) as caught:
        apply("system", root)
    assert [(f.file, f.line, f.code) for f in caught.value.faults] == [
        ("rules/urgency.yaml", rule, "rule_version"),
        (SERVICES, item, "item_version"),
    ]


@pytest.mark.parametrize("made", ['"\\u0000": 1', "\0"])
def test_json_with_what_no_text_has_is_a_fault(tmp_path: Path, made: str) -> None:
    (tmp_path / "pack.yaml").write_text("name: x\n")
    (tmp_path / "a.json").write_text("{\n" + made + "}")
    pack = Pack(tmp_path)
    assert pack.json("a.json") is None
    assert [(fault.line, fault.code) for fault in pack.faults] == [(2, "nul")]


def test_a_folder_in_the_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "orgs.csv").unlink()
    (root / "orgs.csv").mkdir()
    assert ("orgs.csv", 1, "unreadable") in [(f.file, f.line, f.code) for f in queries.check(Pack(root))]


def test_a_file_that_nothing_reads_is_noted(tmp_path: Path) -> None:
    root = copied(tmp_path)
    shutil.move(root / "patrol.yaml", root / "patrols.yaml")
    (root / "case-types" / "extra.yml").write_text("type: extra\n")
    pack = Pack(root)
    queries.check(pack)
    assert [note.file for note in pack.notes if note.code == "unread"] == [
        "case-types/extra.yml",
        "patrols.yaml",
    ]


def test_everything_in_the_demo_pack_is_read() -> None:
    pack = Pack(WUHOU)
    queries.check(pack)
    assert not [note for note in pack.notes if note.code == "unread"]


def test_an_office_that_owns_open_cases_does_not_go(district: None, tmp_path: Path) -> None:
    from shanzhi.cases.tests.district import brought_to

    owner = brought_to("dispatched")["org"]
    brought_to("closed")  # what is over holds nobody
    root = copied(tmp_path)
    lines = (root / "orgs.csv").read_text().splitlines(keepends=True)
    (root / "orgs.csv").write_text("".join(line for line in lines if not line.startswith(f"{owner},")))
    with pytest.raises(Faulty) as caught:
        apply("system", root)
    found = [fault for fault in caught.value.faults if fault.code == "owns_cases"]
    assert [(f.file, f.line) for f in found] == [("orgs.csv", 1)]
    assert found[0].message.startswith(f"{owner} owns 1 open case")
