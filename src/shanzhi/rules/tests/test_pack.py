"""Rules and categories of a pack: read with the line of every fault, applied, never overwritten."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shanzhi.base.clock import Span
from shanzhi.base.errors import Invalid, NotFound
from shanzhi.packs import queries as packs
from shanzhi.packs.files import Pack
from shanzhi.packs.models import SectionVersion
from shanzhi.rules.evaluate import Rule, evaluate
from shanzhi.rules.models import CategoryRow, RuleVersion
from shanzhi.rules.pack import Categories, Rules
from shanzhi.rules.queries import categories, category, forget, hotline_category, rule, rules
from shanzhi.rules.schema import RuleSpec

WUHOU = Path(__file__).parents[4] / "packs" / "wuhou"
RULE = """\
id: responsibility
version: 1
title: {zh: 责任清单, en: Responsibility list}
valid: {from: 2026-01-01}
source: {kind: sample, document: 样例}
facts:
  category: {type: category}
  area: {type: area}
outputs:
  lead: {type: org}
rows:
  - when: {category: E01, area: 510107001}
    then: {lead: street-jiangxijie}
otherwise: {then: {lead: centre}}
cover: false
"""
CATEGORIES = """\
code,zh,en,parent,level,kind,hotline_class,accept_within,close_within,basis
E01,市容环境,City appearance,,1,event,城乡建设,,,
E0101,暴露垃圾,Rubbish,E01,2,event,城乡建设,2h,24h,
H01,城乡建设,Building and housing,,1,service,城乡建设,24h,15d,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    forget()
    (tmp_path / "rules").mkdir()
    (tmp_path / "pack.yaml").write_text("name: test\n")
    (tmp_path / "rules" / "responsibility.yaml").write_text(RULE)
    (tmp_path / "categories.csv").write_text(CATEGORIES)
    return tmp_path


def faults(folder: Path, **others: dict[str, dict[str, Any]]) -> list[str]:
    pack = Pack(folder)
    everything = {"categories": Categories().read(pack), "rules": Rules().read(pack), **others}
    Rules().check(everything["rules"], pack, everything)
    return [str(fault) for fault in sorted(set(pack.faults))]


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


def test_a_good_pack_has_no_faults(folder: Path) -> None:
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "version: 1",
            "version: one",
            "rules/responsibility.yaml:2: version: Input should be a valid integer",
        ),
        ("{type: area}", "{type: place}", "rules/responsibility.yaml:8: facts.area.type: Input should be"),
        (
            "area: 510107001",
            "area: 51010",
            "rules/responsibility.yaml:12:27: area: '51010' is not an area code [type]",
        ),
        ("otherwise: {then: {lead: centre}}\n", "", "rules/responsibility.yaml:11:1: no row matches"),
        (
            "rows:\n",
            "policy: unique\nrows:\n  - when: {category: E0101}\n    then: {lead: centre}\n",
            "rules/responsibility.yaml:15:5: row 2 and row 1 can match the same facts",
        ),
        ("lead: street-jiangxijie", "led: x", "rules/responsibility.yaml:13:12: there is no output 'led'"),
        (
            "version: 1",
            "version: 1\nversion: 2",
            "rules/responsibility.yaml:3: 'version' is given twice [twice]",
        ),
    ],
)
def test_each_fault_of_a_rule_has_its_line(folder: Path, old: str, new: str, fault: str) -> None:
    rewrite(folder, "rules/responsibility.yaml", old, new)
    assert any(found.startswith(fault) for found in faults(folder)), faults(folder)


def test_a_rule_names_only_what_is_in_the_pack(folder: Path) -> None:
    rewrite(folder, "rules/responsibility.yaml", "category: E01,", "category: [E01, E09],")
    assert faults(folder, areas={"510107": {}}, orgs={"centre": {}}) == [
        "rules/responsibility.yaml:12:34: there is no area 510107001 in this pack [unknown_area]",
        "rules/responsibility.yaml:12:12: there is no category E09 in this pack [unknown_category]",
        "rules/responsibility.yaml:13:12: there is no org street-jiangxijie in this pack [unknown_org]",
    ]


def test_two_rules_with_one_id(folder: Path) -> None:
    (folder / "rules" / "second.yaml").write_text(RULE)
    assert faults(folder) == ["rules/second.yaml:1: the rule responsibility is given twice [twice]"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("E0101,垃圾,Rubbish,E01,2,event,,,,", "the category E0101 is given twice [twice]"),
        ("E0202,广告,Posters,E02,2,event,,,,", "E0202 names the parent 'E02', which is not there [parent]"),
        ("E0103,道路,Roads,H01,2,event,,,,", "E0103 does not begin with the code of its parent H01 [parent]"),
        ("E0104,道路,Roads,E01,2,component,,,,", "E0104 is of kind component, its parent of event [kind]"),
        ("E02,广告,Posters,E01,1,event,,,,", "E02 is of the first level and has no parent [parent]"),
        ("E03,广告,Posters,E01,2,event,,,,", "the code E03 has not the length of level 2 [level]"),
        ("E0105,道路,Roads,E01,2,event,,2x,,", "accept_within: Value error, '2x' is not a length of time"),
        ("e0105,道路,Roads,E01,2,event,,,,", "code: String should match pattern"),
    ],
)
def test_each_fault_of_a_category_has_its_line(folder: Path, row: str, fault: str) -> None:
    rewrite(folder, "categories.csv", "15d,\n", f"15d,\n{row}\n")
    found = faults(folder)
    assert any(f.startswith("categories.csv:5: ") and fault in f for f in found), found


def apply(folder: Path) -> None:
    """What applying a pack does with these sections."""
    pack = Pack(folder)
    for section in (Categories(), Rules()):
        rows = section.read(pack)
        assert pack.faults == []
        found = packs.difference(section, rows)
        if found:
            section.apply(found.add, found.change, found.remove)
            known, _ = SectionVersion.objects.get_or_create(name=section.name, defaults={"version": 0})
            known.version += 1
            known.save()
    packs.forget()


@pytest.mark.django_db
def test_what_was_applied_is_what_the_files_say(folder: Path) -> None:
    apply(folder)
    pack = Pack(folder)
    for section in (Categories(), Rules()):
        assert section.current() == section.read(pack)
    assert evaluate(rule("responsibility"), {"category": "E0101", "area": "510107001"}).outputs["lead"] == (
        "street-jiangxijie"
    )
    assert [spec.id for spec in rules()] == ["responsibility"]
    assert rule("responsibility").names == ("category", "area")
    assert category("E0101").name("en") == "Rubbish" and category("E0101").name() == "暴露垃圾"
    assert category("E0101").title.zh == "暴露垃圾"


@pytest.mark.django_db
def test_a_changed_rule_needs_a_higher_version(folder: Path) -> None:
    apply(folder)
    rewrite(folder, "rules/responsibility.yaml", "lead: centre", "lead: other-centre")
    with pytest.raises(Invalid, match="raise its version") as caught:
        apply(folder)
    assert [e.field for e in caught.value.errors] == ["rules.responsibility"]
    rewrite(folder, "rules/responsibility.yaml", "version: 1", "version: 2")
    apply(folder)
    assert evaluate(rule("responsibility"), {"category": "C01"}).outputs["lead"] == "other-centre"
    assert evaluate(rule("responsibility", version=1), {"category": "C01"}).outputs["lead"] == "centre"
    rewrite(folder, "rules/responsibility.yaml", "version: 2", "version: 1")
    with pytest.raises(Invalid):
        apply(folder)


@pytest.mark.django_db
def test_the_version_in_force_depends_on_the_day(folder: Path) -> None:
    apply(folder)
    rewrite(folder, "rules/responsibility.yaml", "version: 1", "version: 2")
    rewrite(folder, "rules/responsibility.yaml", "from: 2026-01-01", "from: 2026-07-01, to: 2026-08-01")
    apply(folder)
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)]
    assert [rule("responsibility", at=day).version for day in days] == [1, 2, 2, 1]
    with pytest.raises(NotFound):
        rule("responsibility", at=date(2025, 12, 31))


@pytest.mark.django_db
def test_a_rule_that_left_the_pack_is_kept_for_what_it_decided(folder: Path) -> None:
    apply(folder)
    (folder / "rules" / "responsibility.yaml").unlink()
    apply(folder)
    assert rules() == [] and Rules().current() == {}
    with pytest.raises(NotFound):
        rule("responsibility")
    assert rule("responsibility", version=1).id == "responsibility"
    with pytest.raises(NotFound):
        rule("responsibility", version=2)
    (folder / "rules" / "responsibility.yaml").write_text(RULE)
    apply(folder)
    assert rule("responsibility").version == 1
    assert RuleVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_category_that_left_the_pack_is_closed_not_deleted(folder: Path) -> None:
    apply(folder)
    rewrite(folder, "categories.csv", "E0101,暴露垃圾,Rubbish,E01,2,event,城乡建设,2h,24h,\n", "")
    rewrite(folder, "categories.csv", "City appearance", "City appearance and order")
    apply(folder)
    assert list(categories()) == ["E01", "H01"]
    assert categories()["E01"].en == "City appearance and order"
    assert CategoryRow.objects.get(code="E0101").open is False
    with pytest.raises(NotFound):
        category("E0101")


@pytest.mark.django_db
def test_messages_of_the_hotline_find_their_category(folder: Path) -> None:
    apply(folder)
    found = hotline_category("城乡建设")
    assert found is not None and found.code == "H01"
    assert hotline_category("国防外交") is None


@pytest.mark.django_db(databases=["default"])
def test_what_is_in_force_is_read_once(folder: Path, django_assert_num_queries: Any) -> None:
    apply(folder)
    rule("responsibility")
    categories()
    with django_assert_num_queries(0):
        rule("responsibility")
        categories()


# The rules and categories of the demo pack


def demo() -> tuple[Pack, dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    pack = Pack(WUHOU)
    return pack, Categories().read(pack), Rules().read(pack)


def test_the_demo_rules_are_without_fault() -> None:
    pack, classes, bodies = demo()
    orgs = {row["key"]: row for _, row in pack.csv("orgs.csv")}
    Rules().check(bodies, pack, {"categories": classes, "orgs": orgs})
    assert [str(f) for f in pack.faults if f.file.startswith(("rules/", "categories", "orgs"))] == []
    assert set(bodies) >= {"responsibility", "urgency", "public-report", "limits", "whistle"}


def test_every_first_level_class_of_the_hotline_has_a_category() -> None:
    _, classes, _ = demo()
    names = {
        row["hotline_class"] for row in classes.values() if row["kind"] == "service" and row["level"] == 1
    }
    labels = {"城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生"}
    assert labels <= names
    assert {row["hotline_class"] for row in classes.values()} <= names


def test_every_category_of_the_demo_has_a_responsible_organisation_in_time() -> None:
    pack, classes, bodies = demo()
    orgs = {row["key"]: row for _, row in pack.csv("orgs.csv")}
    list_ = Rule(RuleSpec.model_validate(bodies["responsibility"]["body"]))
    streets = [row["area"] for row in orgs.values() if row["kind"] == "street"]
    assert len(streets) == 15
    for code, row in classes.items():
        for street in streets if row["level"] == 2 else []:
            answer = evaluate(list_, {"category": code, "area": street + "001", "hour": 10})
            lead = orgs[answer.outputs["lead"]]
            assert answer.truth and (lead["kind"] != "street" or lead["area"] == street)
            promised, legal = Span.parse(answer.outputs["limit"]), Span.parse(row["close_within"])
            assert promised.working != legal.working or promised.seconds <= legal.seconds, code
