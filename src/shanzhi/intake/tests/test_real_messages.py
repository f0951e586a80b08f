"""The real messages of a hotline, where somebody has them: they carry no licence and are not in this project."""

import csv
import os
from itertools import islice
from pathlib import Path

import pytest

from shanzhi.cases.evaluation import Answers
from shanzhi.cases.models import Case, RatingRow
from shanzhi.intake import table
from shanzhi.intake.importing import bring_in
from shanzhi.intake.mapping import parse, row

ROOT = Path(__file__).resolve().parents[4]
MAPPINGS = ROOT / "packs" / "wuhou" / "imports"
DATA = Path(os.environ.get("SHANZHI_SHARED", ROOT.parent / "shared" / "data")) / "hotline"
FEW = 50

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the hotline's messages are missing (SHANZHI_SHARED names their folder)"
)


@pytest.mark.parametrize(("name", "count"), [("messages", 4_309), ("replies", 2_810)])
def test_every_row_fits_its_mapping(name: str, count: int) -> None:
    mapping = parse((MAPPINGS / f"{name}.yaml").read_text())
    found = [row(mapping, cells) for _, cells in table.rows(DATA / f"{name}.csv")]
    assert len(found) == len({one.key for one in found}) == count
    assert all(one.report.at and 2010 < one.report.at.year < 2021 for one in found)


@pytest.mark.usefixtures("district")
def test_answered_messages_end_closed_and_say_that_nobody_rated_them(tmp_path: Path) -> None:
    file = tmp_path / "replies.csv"
    with (DATA / "replies.csv").open(encoding="utf-8") as whole, file.open("w", newline="") as few:
        csv.writer(few).writerows(islice(csv.reader(whole), FEW + 1))
    outcome = bring_in(file, parse((MAPPINGS / "replies.yaml").read_text()))
    assert (outcome.opened, outcome.moves, outcome.ratings, outcome.faults) == (FEW, 4 * FEW, FEW, [])
    cases = Case.objects.filter(channel="answered-messages")
    assert set(cases.values_list("state", "open")) == {("closed", False)}
    answers = RatingRow.objects.filter(case__in=cases).values_list(
        "contacted", "solved", "satisfied", "words"
    )
    assert {Answers(*one) for one in answers} == {Answers(True, None, None, "(imported: no rating given)")}
