"""A responsibility list is looked at as a whole: what nobody has is found, and what two have."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.hotline import duties
from shanzhi.hotline.duties import Decided
from shanzhi.packs.files import Pack
from shanzhi.packs.queries import check
from shanzhi.rules.schema import RuleSpec

PACK = Path(__file__).parents[4] / "packs" / "wuhou"
CATEGORIES = ("E0101", "E0102", "E0201")
AREAS = ("510107001", "510107004", "510107005")


def spec(rows: list[dict[str, Any]], **more: Any) -> RuleSpec:
    body: dict[str, Any] = {
        "id": "list",
        "version": 1,
        "title": {"zh": "清单", "en": "List"},
        "valid": {"from": "2026-01-01"},
        "source": {"kind": "sample", "document": "样例"},
        "facts": {
            "category": {"type": "category"},
            "area": {"type": "area"},
            "hour": {"type": "int", "min": 0, "max": 23},
        },
        "outputs": {"lead": {"type": "org"}, "helpers": {"type": "org", "many": True}},
        "rows": rows,
        "otherwise": {"then": {"lead": "centre", "helpers": []}},
    }
    return RuleSpec.model_validate(body | more)


def row(lead: str, *helpers: str, **when: Any) -> dict[str, Any]:
    return {"when": when, "then": {"lead": lead, "helpers": list(helpers)}}


def looked_at(*rows: dict[str, Any]) -> duties.Whole:
    return duties.table(spec(list(rows)), CATEGORIES, AREAS)


def test_a_gap_is_a_category_and_the_places_where_nobody_is_named() -> None:
    whole = looked_at(row("parks", category="E01"), row("street", category="E0201", area="510107001"))
    assert duties.gaps(whole) == {"E0201": ["510107004", "510107005"]}


def test_an_exception_before_the_general_row_is_no_conflict() -> None:
    whole = looked_at(row("street", category="E0101"), row("parks", category="E01"))
    assert duties.conflicts(whole) == []


def test_rows_that_only_overlap_are_a_conflict() -> None:
    whole = looked_at(row("street", area="510107001"), row("parks", category="E01"))
    [found] = duties.conflicts(whole)
    assert (found.first, found.second, found.earlier, found.later, found.cells) == (
        "street",
        "parks",
        1,
        2,
        2,
    )


def test_two_rows_with_one_lead_are_no_conflict() -> None:
    assert duties.conflicts(looked_at(row("parks", area="510107001"), row("parks", category="E01"))) == []


def test_the_hour_is_looked_at_where_the_list_asks_it() -> None:
    whole = looked_at(
        row("police", category="E01", hour="[22, 23]"), row("street", hour="[20, 23]", area="510107001")
    )
    assert {cell.hour for cell in whole.cells} == {0, 20, 22}
    assert [(one.first, one.second) for one in duties.conflicts(whole)] == [("police", "street")]


def test_a_crowd_is_counted_where_it_meets() -> None:
    whole = looked_at(
        row("parks", "a", "b", category="E0101"), row("street", "c", category="E0101", area="510107001")
    )
    [crowd] = duties.crowds(whole, 4)
    assert (crowd.category, set(crowd.units)) == ("E0101", {"parks", "a", "b", "street", "c"})


leads = st.sampled_from(["a", "b"])
when = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from(["E01", "E0101", "E0201"]),
        "area": st.sampled_from(["510107", *AREAS]),
    },
)


@given(st.lists(st.builds(lambda lead, w: row(lead, **w), leads, when), min_size=1, max_size=5))
def test_cells_are_those_that_the_rule_matches(rows: list[dict[str, Any]]) -> None:
    """The same as reading the rows by hand, by prefixes."""
    whole = duties.table(spec(rows), CATEGORIES, AREAS)
    for cell in whole.cells:
        by_hand = tuple(
            n
            for n, one in enumerate(rows, 1)
            if cell.category.startswith(one["when"].get("category", ""))
            and cell.area.startswith(one["when"].get("area", ""))
        )
        assert cell.rows == by_hand


def test_rows_offered_can_be_put_into_the_list() -> None:
    text = duties.offered_yaml([Decided("E0101", "510107001", "parks", 3), Decided("E0201", "", "street", 1)])
    rows = yaml.safe_load("rows:\n" + text)["rows"]
    assert [(one["when"], one["then"]["lead"]) for one in rows] == [
        ({"category": "E0101", "area": 510107001}, "parks"),
        ({"category": "E0201"}, "street"),
    ]
    assert (
        duties.offered_csv([Decided("E0101", "", "parks", 3)]).splitlines()[1].startswith("E0101,,parks,,7d,")
    )
    assert duties.offered_yaml([]) == ""


def test_the_demo_list_gives_nothing_to_two_leads_and_notes_its_gaps() -> None:
    pack = Pack(PACK)
    assert check(pack) == []
    assert {note.code for note in pack.notes} == {"gap"}
    assert any("H1001" in note.message for note in pack.notes)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "when: {category: C0602}",
            "when: {area: 510107001, category: [C0602, H1001, E0105]}",
            "rows 36 and 37",
        ),
        ("  - when: {category: C0602}\n", "  - when: {category: [C0602, C0601]}\n", ""),
    ],
)
def test_a_conflict_is_a_fault_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(PACK, folder)
    file = folder / "rules" / "responsibility.yaml"
    file.write_text(file.read_text().replace(old, new, 1))
    found = [fault for fault in check(Pack(folder)) if fault.code == "two_leads"]
    assert bool(found) == bool(said)
    assert all(said in fault.message for fault in found[:1])


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "types: [complaint]\n      counted_by",
            "types: [nothing]\n      counted_by",
            11,
            "there is no 'nothing'",
        ),
        ("resolution: {weight: 0.4}", "resolution: {weight: 0.5}", 6, "do not add up"),
        ("roles: [dispatcher, operator]", "roles: [wizard]", 31, "there is no 'wizard'"),
        ("hotline:\n", "hotlines:\n", 1, "expected 'hotline:'"),
    ],
)
def test_a_setting_that_does_not_fit_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(PACK, folder)
    file = folder / "hotline.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    [fault] = [fault for fault in check(Pack(folder)) if fault.file == "hotline.yaml"]
    assert said in fault.message
    assert abs(fault.line - line) <= 2
