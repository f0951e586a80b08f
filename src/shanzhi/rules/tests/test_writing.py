"""A table that was edited is a rule again, and a table that was not edited is the same rule."""

from pathlib import Path
from random import Random

import pytest
import yaml

from shanzhi.rules.check import check
from shanzhi.rules.conditions import parse
from shanzhi.rules.facts import FactSpec
from shanzhi.rules.reading import read
from shanzhi.rules.schema import RuleSpec
from shanzhi.rules.tests.oracle import SPECS
from shanzhi.rules.tests.raw import a_cell
from shanzhi.rules.writing import as_yaml, draft, lines_of, typed, written

PACK = Path(__file__).parents[4] / "packs" / "wuhou" / "rules"


def test_every_cell_is_read_back_as_it_was_meant() -> None:
    dice = Random(3)
    for _ in range(2000):
        kind = dice.choice(list(SPECS))
        fact, cell = FactSpec.model_validate(SPECS[kind]), a_cell(dice, kind)
        assert parse(fact, typed(fact, written(cell))) == parse(fact, cell), (kind, cell, written(cell))


@pytest.mark.parametrize("name", ["responsibility", "urgency", "limits", "whistle"])
def test_a_table_that_nobody_edited_says_the_same(name: str) -> None:
    spec = RuleSpec.model_validate(yaml.safe_load((PACK / f"{name}.yaml").read_text(encoding="utf-8")))
    body = draft(spec, spec.version + 1, "2027-01-01", {}, lines_of(spec))
    again = RuleSpec.model_validate(yaml.safe_load(as_yaml(body)))
    assert again.version == spec.version + 1 and again.valid.since.isoformat() == "2027-01-01"
    assert check(again) == []
    assert read(again).rows == read(spec).rows and read(again).outcomes == read(spec).outcomes
    assert again.examples == spec.examples and again.facts == spec.facts
    assert [row.reason for row in again.rows] == [row.reason for row in spec.rows]
