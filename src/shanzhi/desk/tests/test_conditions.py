"""The clerk's checklist: a row of a table is one line, met only where all its cells are."""

from typing import Any

import pytest
from django.utils import translation

from shanzhi.desk.services.conditions import conditions
from shanzhi.residents.queries.facts import types
from shanzhi.rules.facts import Title
from shanzhi.rules.reviewing import Check

pytestmark = pytest.mark.usefixtures("district")
SAYS = Title(zh="本区户籍，年满100周岁", en="Registered here, 100 or older")


def check(number: int, fact: str, value: Any, holds: bool | None) -> Check:
    return Check(number, fact, "", value, holds, 4, "police", SAYS, "老年人权益保障法第三十三条", None)


@pytest.mark.parametrize(
    ("held", "met"),
    [((True, True), True), ((True, False), False), ((None, False), False), ((True, None), None)],
)
def test_a_row_is_met_when_all_its_cells_are(held: tuple[bool | None, bool | None], met: bool | None) -> None:
    row = [check(1, "age", 79, held[0]), check(1, "hukou", "510107005", held[1])]
    assert [one["met"] for one in conditions(row, types())] == [met]


def test_each_cell_says_what_is_known_in_the_language_of_the_page() -> None:
    checks = [check(1, "age", 79, False), check(2, "age", None, None)]
    with translation.override("en"):
        first, second = conditions(checks, types())
    assert first["cells"] == [{"title": "Age", "known": "79 years", "met": False}]
    assert second["cells"] == [{"title": "Age", "known": "", "met": None}]
    with translation.override("zh-hans"):
        assert conditions(checks, types())[0]["cells"][0]["known"] == "79 周岁"
