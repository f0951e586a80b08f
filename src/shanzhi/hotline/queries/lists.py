"""The responsibility list as a whole, and what the centre decided where it named nobody or was overruled."""

from datetime import datetime, timedelta
from functools import lru_cache

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import NotFound
from shanzhi.base.ids import floor_id
from shanzhi.cases import queries as cases
from shanzhi.hotline import duties
from shanzhi.hotline.duties import Decided, Whole
from shanzhi.hotline.queries.settings import setting
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.packs.queries import version
from shanzhi.places import queries as places
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.queries import categories, rule

BACK = timedelta(days=180)
DECIDED = """SELECT c.category, left(c.area, 9), e.data->'set'->>'org', c.proposed, count(DISTINCT c.id)
    FROM cases_case c JOIN journal_entry e ON e.stream = c.id AND e.kind = 'case.moved'
        AND e.id >= %s AND e.data->'facts'->>'move' IN ('dispatch', 'transfer')
    WHERE c.id IN ({}) AND c.category <> '' AND e.data->'set' ? 'org'
    GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3"""


def current() -> Rule | None:
    """The list in force; none where the pack has none."""
    try:
        return rule(setting().list_rule)
    except NotFound:
        return None


def whole() -> Whole | None:
    """The list cell by cell, remembered until the pack changes."""
    return _whole(version("rules"), version("categories"), version("areas"), now().astimezone(BEIJING).date())


@lru_cache(maxsize=2)
def _whole(_rules: int, _categories: int, _areas: int, _day: object) -> Whole | None:
    found = current()
    if found is None:
        return None
    known = categories()
    parents = {one.parent for one in known.values()}
    streets = [place.code for place in places.children(places.county())]
    return duties.table(found.spec, [code for code in known if code not in parents], streets)


def decided(actor: Actor, *, since: datetime | None = None) -> list[Decided]:
    """What was dispatched where the list named nobody, or to somebody else than it names; the most often first."""
    require(actor, "case.view")
    begin = since or now() - BACK
    mine = cases.visible_to(actor).filter(opened_at__gte=begin).order_by().values("id")
    seen, params = mine.query.sql_with_params()
    found: dict[tuple[str, str, str], Decided] = {}
    nobody = {"", *centres()}
    for category, area, org, proposed, n in run(DECIDED.format(seen), [floor_id(begin), *params]):
        listed = "" if proposed in nobody else proposed
        if org in nobody or org == listed:
            continue
        found[category, area, org] = Decided(category, area if len(area) == 9 else "", org, n, listed)
    return sorted(found.values(), key=lambda d: (bool(d.listed), -d.times, d.category, d.area))


def centres() -> set[str]:
    """Who takes what the list names nobody for."""
    found = current()
    otherwise = found.spec.otherwise if found else None
    return {str(otherwise.then.get("lead") or "")} if otherwise else set()
