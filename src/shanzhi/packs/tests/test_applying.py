"""A pack is applied as a whole or not at all; a bad one is refused with all its faults."""

import shutil
from pathlib import Path

import pytest

from shanzhi.packs import queries
from shanzhi.packs.actions import Faulty, apply
from shanzhi.packs.files import Pack
from shanzhi.packs.models import Applied
from shanzhi.packs.section import sections

WUHOU = Path(__file__).parents[4] / "packs" / "wuhou"
STREET, COMPLAINT = "case-types/street-issue.yaml", "case-types/complaint.yaml"
LIST, URGENCY = "rules/responsibility.yaml", "rules/urgency.yaml"

# Each fault: the file, what stands there, what it is made into (on one line, found nowhere else), its code.
FAULTS = [
    (STREET, "from: closed", "from: klosed", "unknown-state"),
    (STREET, "who: registrar@area | operator@area\n", "who: emperor@area\n", "unknown-role"),
    (STREET, "needs: [result, photo_after]", "needs: [result, photo_before]", "unknown-need"),
    (STREET, "runs_in: [resolved]", "runs_in: [resolved, closed]", "endless-clock"),
    (STREET, "rule_output: limit", "rule_output: limmit", "missing-output"),
    (STREET, "approve: street_leader@area | dispatcher@area", "approve: mayor@area", "unknown-role"),
    (COMPLAINT, "desk: centre", "desk: middle", "missing-org"),
    (COMPLAINT, "urgency: urgency", "urgency: oracle", "missing-rule"),
    (COMPLAINT, "apart_from: [answer]", "apart_from: [anser]", "unknown-move"),
    (COMPLAINT, "{zh: 不予受理, en: Do not accept}", "{zh: 派单, en: Do not accept}", "ambiguous"),
    (COMPLAINT, "dispatcher@area, to: reported", "dispatcher@area, to: nowhere", "unknown-state"),
    (LIST, "helpers: [emergency, fire]", "helpers: [emergencies, fire]", "unknown_org"),
    (LIST, "category: [E0401, E0104, E0304]", "category: [E0401, E0104, E9304]", "unknown_category"),
    ("areas.csv", "玉林街道,Yulin Subdistrict,street", "玉林街道,Yulin Subdistrict,county", "level"),
    ("orgs.csv", "市场监督管理局,department,510107", "市场监督管理局,department,510199", "unknown_area"),
    ("orgs.csv", "武侯区分局,department,510107,government", "武侯区分局,department,510107,goverment", "unknown_org"),
    ("categories.csv", "油烟污染,Kitchen fumes,E01", "油烟污染,Kitchen fumes,E99", "parent"),
    ("roles.yaml", "case.act, case.evaluate]", "case.act, case.evaluat]", "unknown_right"),
    ("accounts.yaml", "street_leader, area: \"510107005", "street_leader, area: \"510199005", "unknown_area"),
    ("facilities.csv", "510107001006004,true", "510107001006999,true", "unknown_area"),
]  # fmt: skip


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WUHOU, tmp_path / "pack"))


def spoilt(root: Path, file: str, there: str, made: str) -> int:
    """Puts a fault into a file; the line on which it lies."""
    text = (root / file).read_text()
    assert text.count(there) >= 1, there
    text = text.replace(there, made, 1)
    (root / file).write_text(text)
    return text[: text.index(made)].count("\n") + 1


def test_the_demo_pack_has_no_fault() -> None:
    assert queries.check(Pack(WUHOU)) == []


@pytest.mark.parametrize(("file", "there", "made", "code"), FAULTS, ids=lambda value: str(value)[:30])
def test_each_fault_is_found_where_it_is(tmp_path: Path, file: str, there: str, made: str, code: str) -> None:
    root = copied(tmp_path)
    line = spoilt(root, file, there, made)
    assert (file, line, code) in [(f.file, f.line, f.code) for f in queries.check(Pack(root))]


def test_twenty_faults_are_refused_with_twenty_messages_and_nothing_is_changed(
    district: None, tmp_path: Path
) -> None:
    root = copied(tmp_path)
    for file, version in ((STREET, 5), (COMPLAINT, 4), (LIST, 2)):
        spoilt(
            root, file, f"version: {version}", "version: 9"
        )  # no fault: what has changed has a new version
    expected = {(file, spoilt(root, file, there, made), code) for file, there, made, code in FAULTS}
    before = {section.name: section.current() for section in sections()}
    with pytest.raises(Faulty) as caught:
        apply("system", root)
    found = {(f.file, f.line, f.code) for f in caught.value.faults}
    assert len(FAULTS) == len(expected) == 20
    assert found == expected
    assert all(fault.message for fault in caught.value.faults)
    assert {section.name: section.current() for section in sections()} == before


def test_applied_twice_changes_nothing(district: None) -> None:
    assert apply("system", WUHOU) == {}
    assert Applied.objects.count() == 1


def test_what_changed_is_applied_and_only_that(district: None, tmp_path: Path) -> None:
    root = copied(tmp_path)
    spoilt(root, "orgs.csv", "武侯生态环境局", "武侯区生态环境局")
    assert apply("system", root) == {"orgs": {"add": 0, "change": 1, "remove": 0}}
    assert apply("system", WUHOU) == {"orgs": {"add": 0, "change": 1, "remove": 0}}


def test_a_changed_type_needs_a_higher_version(district: None, tmp_path: Path) -> None:
    root = copied(tmp_path)
    spoilt(root, STREET, "title: {zh: 接单, en: Accept}", "title: {zh: 接受, en: Accept}")
    with pytest.raises(Faulty) as caught:
        apply("system", root)
    line = spoilt(root, STREET, "version: 5", "version: 6")
    assert [(f.file, f.line, f.code) for f in caught.value.faults] == [(STREET, line, "case_type_version")]
    assert apply("system", root) == {"case-types": {"add": 0, "change": 1, "remove": 0}}
