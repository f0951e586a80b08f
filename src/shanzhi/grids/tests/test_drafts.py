"""A redrawing from its first step to the day on which reports land in the new grid."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Invalid, NotFound
from shanzhi.base.geo import Point
from shanzhi.cases.tests.district import actor, opened
from shanzhi.grids import actions, queries
from shanzhi.grids.models import Draft
from shanzhi.journal.queries import stream
from shanzhi.places import actions as writing
from shanzhi.places import history
from shanzhi.places import queries as places
from shanzhi.places.history import today
from shanzhi.places.redrawing import square_metres
from shanzhi.places.shapes import to_geojson

pytestmark = pytest.mark.usefixtures("district")
COMMUNITY = "510107005001"
GRID = f"{COMMUNITY}001"


def cut() -> dict[str, Any]:
    """A step that cuts the first grid from south to north."""
    west, south, east, north = places.grid_shapes(COMMUNITY)[GRID].bounds
    x = (west + east) / 2
    return {"do": "split", "grid": GRID, "line": [[x, south - 0.001], [x, north + 0.001]], "name": "新网格"}


def begun(steps: int = 1) -> Draft:
    who = actor("sunpaiqian")
    draft = actions.begin(who, COMMUNITY, "一分为二")
    for _ in range(steps):
        draft = actions.step(who, draft.pk, cut())
    return draft


def test_a_report_lands_in_the_new_grid_and_old_cases_keep_theirs() -> None:
    draft = begun()
    work = queries.work(draft)
    [new] = set(work.after.shapes) - set(work.before.shapes)
    inside = work.after.shapes[new].representative_point()
    before = opened(lon=inside.x, lat=inside.y)
    actions.put_in_force(actor("sunpaiqian"), draft.pk, today())
    after = opened("chenjumin", lon=inside.x, lat=inside.y)
    assert (before["area"], after["area"]) == (GRID, new)
    assert places.area(new).name == "新网格"
    assert places.redrawn_since(GRID, before["opened_at"]) == today()
    assert places.redrawn_since(GRID, after["opened_at"]) is None
    [moved] = queries.moved_cases(actor("sunpaiqian"), [GRID])
    assert (moved.case["id"], moved.now) == (before.id, new)
    kinds = [entry.kind for entry in stream(uuid5(actions.SPACE, str(draft.pk)))]
    assert kinds == ["grids.begun", "grids.stepped", "grids.in_force"]


def test_a_draft_waits_for_its_day_and_is_undone_before_it() -> None:
    who, draft = actor("sunpaiqian"), begun()
    tomorrow = today() + timedelta(days=1)
    actions.put_in_force(who, draft.pk, tomorrow)
    assert queries.due(today()) == []
    assert queries.due(tomorrow) == [draft.pk]
    assert len(places.grid_shapes(COMMUNITY)) == len(queries.plan_of(COMMUNITY).shapes)
    actions.reopen(who, draft.pk)
    actions.undo(who, draft.pk)
    with pytest.raises(Invalid):  # it changes nothing any more
        actions.put_in_force(who, draft.pk, tomorrow)
    actions.step(who, draft.pk, cut())
    actions.put_in_force(who, draft.pk, tomorrow)
    actions.bring(draft.pk, tomorrow)
    assert Draft.objects.get(pk=draft.pk).state == "in_force"
    assert [row["since"] for row in history.of_grid(GRID)][0] == tomorrow


def test_history_is_not_rewritten() -> None:
    with pytest.raises(Invalid):
        actions.put_in_force(actor("sunpaiqian"), begun().pk, today() - timedelta(days=1))


def test_gaps_are_refused_as_a_whole() -> None:
    who, draft = actor("sunpaiqian"), begun(0)
    shapes = places.grid_shapes(COMMUNITY)
    kept = [code for code in shapes if code != GRID]
    given = [
        {"code": c, "name": c[-3:], "geometry": g}
        for c, g in zip(kept, to_geojson(shapes[c] for c in kept), strict=True)
    ]
    actions.step(who, draft.pk, {"do": "import", "grids": given})
    [fault] = queries.work(Draft.objects.get(pk=draft.pk)).faults
    assert fault.kind == "gap"
    assert fault.m2 == pytest.approx(square_metres(shapes[GRID]), rel=1e-3)
    with pytest.raises(Invalid):
        actions.put_in_force(who, draft.pk, today())


def test_grids_that_changed_meanwhile_make_a_draft_stale() -> None:
    who, draft = actor("sunpaiqian"), begun()
    actions.put_in_force(who, draft.pk, today() + timedelta(days=1))
    outline = history.of_grid(GRID)[0]["outline"]
    writing.redraw({GRID: history.Change("改名", outline, "rename")}, today(), corners={})
    actions.bring(draft.pk, today())
    found = Draft.objects.get(pk=draft.pk)
    assert (found.state, bool(found.problem)) == ("set", True)
    with pytest.raises(Conflict):
        actions.checked(queries.work(found))


def test_two_who_work_on_one_draft_do_not_overwrite_each_other() -> None:
    who, draft = actor("sunpaiqian"), begun(0)
    actions.step(who, draft.pk, cut(), seen=0)
    with pytest.raises(Conflict):
        actions.step(who, draft.pk, cut(), seen=0)
    with pytest.raises(Conflict):
        actions.begin(who, COMMUNITY, "另一个")


@pytest.mark.parametrize("username", ["liwangge", "wangdama", "zhaochuzhi"])
def test_only_who_may_redraw_finds_a_draft(username: str) -> None:
    draft = begun()
    with pytest.raises(NotFound):
        actions.step(actor(username), draft.pk, cut())
    assert queries.drafts(actor(username)) == []


@pytest.mark.parametrize(
    "step",
    [
        {}, {"do": "dance"}, {"do": "split"}, {"do": "split", "grid": [GRID]}, 
        {"do": "split", "grid": GRID, "line": "x"},
        {"do": "split", "grid": GRID, "line": [[1e9, 2], [3, 4]], "name": "x"}, {"do": "merge", "grids": None},
        {"do": "split", "grid": GRID, "line": [[float("nan"), 30], [104, 30]], "name": "x"},
        {"do": "rename", "grid": GRID, "name": "\0"}, {"do": "import", "grids": [{"name": "x", "geometry": []}]},
        {"do": "close", "grid": GRID, "to": GRID}, {"do": "move", "at": None, "to": None}, {"do": "draw", "ring": []},
    ],
)  # fmt: skip
def test_steps_that_cannot_be_done_are_refused_and_not_kept(step: dict[str, Any]) -> None:
    draft = begun(0)
    with pytest.raises(Invalid):
        actions.step(actor("sunpaiqian"), draft.pk, step)
    assert Draft.objects.get(pk=draft.pk).steps == []


def test_merging_closes_a_grid_and_names_who_has_its_ground() -> None:
    who, draft = actor("sunpaiqian"), begun(0)
    shapes = places.grid_shapes(COMMUNITY)
    other = next(c for c in shapes if c != GRID and shapes[c].intersection(shapes[GRID]).length > 0)
    gone = shapes[other].representative_point()
    actions.step(who, draft.pk, {"do": "close", "grid": other, "to": GRID})
    actions.put_in_force(who, draft.pk, today())
    assert places.grid_of(Point(gone.x, gone.y)) == GRID
    assert places.area(other).open is False
    assert history.heirs(other) == [GRID]
    assert places.redrawn_since(other, now() - timedelta(days=1)) == today()


def test_a_draft_whose_steps_can_no_longer_be_done_says_why_and_is_not_put_in_force() -> None:
    who, draft = actor("sunpaiqian"), begun(0)
    actions.step(who, draft.pk, {"do": "rename", "grid": GRID, "name": "改名"})
    writing.redraw({GRID: history.Change("", None)}, today(), corners={})
    work = queries.work(Draft.objects.get(pk=draft.pk))
    assert work.stale
    assert work.wrong is not None
    assert work.wrong.message == "There is no such grid in this community"
    with pytest.raises(Conflict):
        actions.checked(work)
