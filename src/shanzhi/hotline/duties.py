"""The responsibility list (责任清单) looked at as a whole: who leads where, what nobody has, what several have. Pure.

The list is read cell by cell: a category without subclasses, a street, and the hours between which no row changes.
In a cell the first row that matches decides (首接负责). A row that matches less than a later one is its exception;
two rows with different leads that only overlap are a conflict: nobody can say from the list whose it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shanzhi.rules.evaluate import Rule
from shanzhi.rules.facts import FactError
from shanzhi.rules.machines import Table
from shanzhi.rules.schema import RuleSpec

LISTED = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """One category in one street from one hour on: the rows that match, in the order of the list, from 1."""

    category: str
    area: str
    hour: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """All cells, with who leads and helps by row."""

    cells: tuple[Cell, ...]
    leads: tuple[str, ...]
    helpers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rows that give the same matter to two leads; the earlier one decides."""

    earlier: int
    later: int
    first: str
    second: str
    category: str
    area: str
    cells: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many units the list names for one category (九龙治水 where there are many), and how many of them lead."""

    category: str
    leads: tuple[str, ...]
    units: tuple[str, ...]


def table(spec: RuleSpec, categories: Sequence[str], areas: Sequence[str]) -> Whole:
    """The list cell by cell. Raises BadRule for a list that cannot be read."""
    rule = Rule(spec)
    assert isinstance(rule.machine, Table)
    hours = _hours(rule)
    cells = tuple(
        Cell(category, area, hour, _matching(rule, {"category": category, "area": area, "hour": hour}))
        for category in categories
        for area in areas
        for hour in hours
    )
    leads = tuple(str(row.then.get("lead") or "") for row in spec.rows)
    helpers = tuple(tuple(row.then.get("helpers") or ()) for row in spec.rows)
    return Whole(cells, leads, helpers)


def _hours(rule: Rule) -> list[int]:
    """The hours at which the list may say something else than the hour before."""
    if "hour" not in rule.names:
        return [0]
    domain = rule.domains[rule.names.index("hour")]
    classes = [domain.locate(hour) for hour in range(24)]
    return [0, *(hour for hour in range(1, 24) if classes[hour] != classes[hour - 1])]


def _matching(rule: Rule, facts: dict[str, Any]) -> tuple[int, ...]:
    """The rows (from 1) that match, facts that are not given left open."""
    bits = (1 << len(rule.spec.rows)) - 1
    for name, column, domain in zip(rule.names, rule.machine.columns, rule.domains, strict=True):
        if name in facts:
            try:
                bits &= column[domain.locate(facts[name])]
            except FactError:
                return ()
    return tuple(n + 1 for n in range(len(rule.spec.rows)) if bits >> n & 1)


def gaps(whole: Whole) -> dict[str, list[str]]:
    """Categories for which no row names a lead, with the areas where that is so."""
    found: dict[str, dict[str, None]] = {}
    for cell in whole.cells:
        if not cell.rows:
            found.setdefault(cell.category, {})[cell.area] = None
    return {category: list(areas) for category, areas in found.items()}


def conflicts(whole: Whole) -> list[Conflict]:
    """Pairs of rows with different leads that overlap, and neither of which is the other's exception."""
    reach: dict[int, set[int]] = {}
    for number, cell in enumerate(whole.cells):
        for row in cell.rows:
            reach.setdefault(row, set()).add(number)
    found = []
    for earlier, later in _pairs(whole):
        both = reach[earlier] & reach[later]
        if both and reach[earlier] - both and reach[later] - both:
            cell = whole.cells[min(both)]
            found.append(
                Conflict(
                    earlier,
                    later,
                    whole.leads[earlier - 1],
                    whole.leads[later - 1],
                    cell.category,
                    cell.area,
                    len(both),
                )
            )
    return found


def _pairs(whole: Whole) -> Iterator[tuple[int, int]]:
    """Pairs of rows that meet in a cell and name different leads, once each, in the order of the list."""
    found = {
        (earlier, later)
        for cell in whole.cells
        for n, earlier in enumerate(cell.rows)
        for later in cell.rows[n + 1 :]
        if whole.leads[earlier - 1] != whole.leads[later - 1]
    }
    yield from sorted(found)


def crowds(whole: Whole, least: int = 3) -> list[Crowd]:
    """Categories for which one place and hour has at least so many units, the most first."""
    named: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for cell in whole.cells:
        leads, units = {whole.leads[r - 1]: None for r in cell.rows}, dict[str, None]()
        for row in cell.rows:
            units |= dict.fromkeys((whole.leads[row - 1], *whole.helpers[row - 1]))
        if len(units) >= len(named.get(cell.category, ({}, {}))[1]):
            named[cell.category] = (leads, units)
    crowded = [Crowd(c, tuple(leads), tuple(units)) for c, (leads, units) in named.items()]
    return sorted((c for c in crowded if len(c.units) >= least), key=lambda c: (-len(c.units), c.category))


@dataclass(frozen=True, slots=True)
class Decided:
    """What the centre decided where the list named nobody or somebody else (兜底): offered as a new row."""

    category: str
    area: str
    org: str
    times: int
    listed: str = ""


def offered_yaml(rows: Sequence[Decided], limit: str = "7d") -> str:
    """The decisions as rows of the list, ready to be copied into its file before `otherwise`."""
    lines = []
    for row in rows:
        area = f", area: {row.area}" if row.area else ""
        lines += [
            f"  # {row.times} × decided by the centre (中心兜底指定)",
            f"  - when: {{category: {row.category}{area}}}",
            f"    then: {{lead: {row.org}, helpers: [], limit: {limit}}}",
            "    basis: 中心兜底指定（待补充依据）",
        ]
    return "\n".join(lines) + "\n" if lines else ""


def offered_csv(rows: Sequence[Decided], limit: str = "7d") -> str:
    """The same as a table."""
    head = "category,area,lead,helpers,limit,basis,times"
    body = [f"{r.category},{r.area},{r.org},,{limit},中心兜底指定（待补充依据）,{r.times}" for r in rows]
    return "\n".join([head, *body]) + "\n"
