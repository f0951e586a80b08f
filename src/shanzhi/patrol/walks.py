"""When a grid was last walked, for whoever asks (`places.walked`): a point in it was passed, or a round was on it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from shanzhi.packs.queries import version
from shanzhi.patrol import queries
from shanzhi.patrol.models import Pass, Round


def last_walks(codes: Sequence[str]) -> dict[str, datetime]:
    """The last time of each grid that was ever walked; two statements, whatever their number."""
    wanted = set(codes)
    placed = queries.placed(version(queries.SECTION), version("areas"))
    passed = dict(Pass.objects.values_list("point").annotate(last=Max("at")))
    rounds = Round.objects.filter(area__in=wanted).values_list("area").annotate(last=Max("began_at"))
    found = {area: at for area, at in rounds if at is not None}
    for point, (_stop, grid) in placed.items():
        at = passed.get(point)
        if at is not None and grid in wanted:
            found[grid] = max(at, found.get(grid, at))
    return found
