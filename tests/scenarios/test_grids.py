"""A grid is split, a report lands in the new one, and who works there, or stands in, looks at it: on his days only."""

from datetime import timedelta

import pytest
import shapely

from shanzhi.base.errors import NotFound
from shanzhi.base.geo import Point
from shanzhi.cases import queries as cases
from shanzhi.cases.tests.district import actor, clean, opened, step
from shanzhi.grids import actions as redrawing
from shanzhi.grids import queries
from shanzhi.orgs import posted
from shanzhi.orgs.models import Account
from shanzhi.places import queries as places
from shanzhi.places.history import today

GRID, ONE = "510107001004001", timedelta(days=1)  # in 浆洗街街道, where 李网格 holds no role


@pytest.mark.usefixtures("district")
def test_from_a_line_on_the_map_to_a_substitute_on_the_spot() -> None:
    sun, li, zhou = actor("sunpaiqian"), "liwangge", "zhouwangge"
    west, south, east, north = places.grid_shapes(GRID[:12])[GRID].bounds
    line = [[(west + east) / 2, south - 0.001], [(west + east) / 2, north + 0.001]]
    draft = redrawing.begin(sun, GRID[:12], "人口太多，一分为二")
    redrawing.step(sun, draft.pk, {"do": "split", "grid": GRID, "line": line, "name": "新网格"})
    redrawing.put_in_force(sun, draft.pk, today())
    [new] = set(queries.plan_of(GRID[:12]).shapes) - set(queries.work(draft).before.shapes) or {
        f"{GRID[:12]}006"
    }
    inside: shapely.Point = places.grid_shapes(GRID[:12])[new].representative_point()
    case = opened(lon=inside.x, lat=inside.y)
    assert case["area"] == new == places.grid_of(Point(inside.x, inside.y))

    ids = dict(Account.objects.filter(username__in=[li, zhou]).values_list("username", "pk"))
    posted.post(sun, ids[zhou], new, today() - 30 * ONE)
    assert not cases.may_see(actor(li), case)
    leave = posted.leave(sun, ids[zhou], today(), today(), ids[li])
    for who, move in (("wulian", "register"), ("sunpaiqian", "dispatch"), ("zhaochuzhi", "accept")):
        step(case.id, who, move)
    step(case.id, "zhaochuzhi", "resolve")
    step(case.id, li, "verify", result="现场已无油烟")  # as the substitute, on this day
    posted.come_back(sun, leave.pk)
    posted.leave(sun, ids[zhou], today() - ONE, today() - ONE, ids[li])
    with pytest.raises(NotFound):  # his day is over
        cases.view(actor(li), case.id)
    clean()
