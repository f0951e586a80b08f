"""A grid was walked when a point in it was passed, or when a round was on it; cards and coverage are told."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shanzhi.base.clock import now
from shanzhi.cases.tests.district import actor
from shanzhi.grids import covering
from shanzhi.packs.queries import version
from shanzhi.patrol import queries
from shanzhi.patrol.models import Pass, Round
from shanzhi.patrol.walks import last_walks
from shanzhi.places.history import today

pytestmark = pytest.mark.usefixtures("district")


def test_the_last_walk_of_a_grid_is_told() -> None:
    placed = queries.placed(version(queries.SECTION), version("areas"))
    point, (_stop, grid) = next((key, one) for key, one in placed.items() if one[1])
    street, other = grid[:9], "510107015001001"
    at = now()
    values = {"account": 1, "expected": [], "began_at": at - timedelta(days=9)}
    round_ = Round.objects.create(id=uuid4(), case=uuid4(), area=street, **values)
    Round.objects.create(id=uuid4(), case=uuid4(), area=other, **values)
    assert last_walks([grid, other]) == {other: at - timedelta(days=9)}
    Pass.objects.create(round=round_, point=point, at=at, by="code", answers={})
    assert last_walks([grid]) == {grid: at}
    sun = actor("sunpaiqian")
    assert covering.card(sun, grid).walked == at
    report = covering.report(sun, "510107", today())
    assert report.walks_known
    late = {code for code, _ in report.not_walked}
    assert grid not in late
    assert other in late  # longer ago than the pack allows
