"""What everybody who is posted to grids looks after: for comparing like with like. Some statements, for all at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from shanzhi.insight.alike import Ground
from shanzhi.insight.periods import Period
from shanzhi.journal.tables import run
from shanzhi.orgs import posted
from shanzhi.places import counted
from shanzhi.places import queries as places

_CASES = "SELECT area, sum(n)::bigint FROM insight_heat WHERE day BETWEEN %s AND %s GROUP BY area"


def grounds(period: Period) -> dict[int, Ground]:
    """By account: the grids of everybody's postings in a period, those of a community all its grids."""
    hectares = places.grid_hectares()
    if not hectares:
        return {}
    posts, _leaves = posted.posts_in(places.county(), period.first, period.last)
    theirs: dict[int, set[str]] = defaultdict(set)
    inside: dict[str, list[str]] = defaultdict(list)
    for code in hectares:
        inside[code[:12]].append(code)
    for post in posts:
        theirs[post.account] |= set(inside.get(post.area, [post.area] if post.area in hectares else []))
    people = counted.people(sorted({code for codes in theirs.values() for code in codes}))
    cases = dict(run(_CASES, [period.first, period.last])) if theirs else {}
    return {one: _ground(codes, hectares, people, cases) for one, codes in theirs.items() if codes}


def _ground(
    codes: Iterable[str], hectares: Mapping[str, float], people: Mapping[str, int], cases: Mapping[str, int]
) -> Ground:
    """The people are known only where they are of each grid."""
    known = list(codes)
    counted_ = [people[code] for code in known if code in people]
    return Ground(
        sum(hectares[code] for code in known),
        float(sum(counted_)) if len(counted_) == len(known) else None,
        float(sum(cases.get(code, 0) for code in known)),
    )
