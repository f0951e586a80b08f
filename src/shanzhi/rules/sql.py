"""A rule as SQL for a whole population (PostgreSQL, DuckDB): true, false or unknown, exact for facts that are NULL.

One expression, in which each fact occurs once: the class of its value, and from the state so far and the class
the next state, looked up in a table that is packed into a number (or, when large, an array). SQL's own NULL would
give Kleene's answers, which are unknown too often.

A column for each fact the rule asks, of the type BOOLEAN, BIGINT, NUMERIC, TEXT, DATE, or TEXT[] for many. Limits
(min, max) are not checked. A formula over a NULL is wholly unknown here, while `run` knows its bounds; aggregates
over members are columns that whoever asks has computed.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from shanzhi.rules.automaton import Level, automaton
from shanzhi.rules.deriving import Aggregate
from shanzhi.rules.diagram import VARIES, Outcome
from shanzhi.rules.domains import Codes, Domain, Flags, Line, Names, Sets, Steps
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.formula import Formula, Part
from shanzhi.rules.running import always_true

Dialect = Literal["postgresql", "duckdb"]
Columns = Mapping[str, str]
PACKED = 62


def verdict(rule: Rule, dialect: Dialect, columns: Columns | None = None, on: date | None = None) -> str:
    """A boolean expression: TRUE, FALSE, or NULL where it is unknown.

    `columns`: SQL for a fact where it is not the column of its name. `on`: the day for formulas with ages.
    """
    wanted = verdict_of(rule)
    number, outcomes = _state(rule, dialect, _columns(rule, dialect, columns, on), wanted)
    named = {True: "TRUE", False: "FALSE"}
    parts = [f"WHEN {i} THEN {named[said]}" for i, said in enumerate(outcomes) if said is not None]
    if len(parts) < 2 and len(outcomes) == 1:
        return named.get(outcomes[0], "CAST(NULL AS BOOLEAN)")
    return f"CASE {number} {' '.join(parts)} END"


def select(
    rule: Rule,
    source: str,
    dialect: Dialect,
    columns: Columns | None = None,
    *,
    on: date | None = None,
    keep: str = "*",
) -> str:
    """A statement: what `keep` names of a table (or a query in brackets), then `verdict` and all outputs.

    Outputs are NULL where they are not certain, or where formulas lack a fact.
    """
    known = _columns(rule, dialect, columns, on)
    number, outcomes = _state(rule, dialect, known, lambda outcome: outcome)
    said = verdict_of(rule)
    cells = [f"{_choice(outcomes, said, lambda value: str(value).upper())} AS verdict"]
    for i, name in enumerate(rule.spec.outputs):
        if name != "verdict":
            shown = _choice(outcomes, _at(i + 1), lambda value: _literal(value, dialect, known, on))
            cells.append(f"{shown} AS {name}")
    inner = f"SELECT *, {number} AS outcome_ FROM {source} AS given_"
    return f"SELECT {keep}, {', '.join(cells)} FROM ({inner}) AS decided_"


def verdict_of(rule: Rule) -> Callable[[Outcome], bool | None]:
    """What an outcome says of the verdict: its output of this name, or whether a row or the expression holds."""
    names = list(rule.spec.outputs)
    place = names.index("verdict") + 1 if "verdict" in names else 0
    always = always_true(rule)

    def said(outcome: Outcome) -> bool | None:
        if always and not place and any(value is VARIES for value in outcome):
            return None
        return None if outcome[place] is VARIES else outcome[place]

    return said


def _at(place: int) -> Callable[[Outcome], Any]:
    return lambda outcome: None if outcome[place] is VARIES else outcome[place]


def _choice(outcomes: tuple[Any, ...], say: Callable[[Outcome], Any], show: Callable[[Any], str]) -> str:
    """A CASE over the number of the outcome; NULL where nothing is said."""
    said: dict[str, list[str]] = {}
    for i, outcome in enumerate(outcomes):
        value = say(outcome)
        if value is not None:
            said.setdefault(show(value), []).append(str(i))
    parts = [f"WHEN outcome_ IN ({', '.join(numbers)}) THEN {value}" for value, numbers in said.items()]
    return f"CASE {' '.join(parts)} END" if parts else "NULL"


def _literal(value: Any, dialect: Dialect, columns: Columns, on: date | None) -> str:
    if isinstance(value, Formula):
        return computed(value, dialect, columns, on)
    if isinstance(value, tuple):
        inner = ", ".join(_literal(each, dialect, columns, on) for each in value)
        return f"ARRAY[{inner}]" if inner else "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return str(value) if isinstance(value, int | Decimal) else quoted(str(value))


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _columns(rule: Rule, dialect: Dialect, columns: Columns | None, on: date | None) -> dict[str, str]:
    """SQL for each fact: the column given, a formula over others, or the column of its name."""
    given = dict(columns or {})
    found: dict[str, str] = {}
    for name, derivation in rule.derivations.items():
        if name not in given and not isinstance(derivation, Aggregate):
            found[name] = computed(derivation, dialect, {n: found.get(n, n) for n in rule.names} | given, on)
    return {name: found.get(name, name) for name in rule.names} | given


def _state(
    rule: Rule, dialect: Dialect, columns: Columns, say: Callable[[Outcome], Any]
) -> tuple[str, tuple[Any, ...]]:
    """An expression for the number of the last state, and what the states say."""
    found = automaton(rule, say)
    state = ""
    for i, level in enumerate(found.levels):
        column = columns[rule.names[level.fact]]
        kind = _class(rule.domains[level.fact], level, column, dialect)
        index = f"({state}) * {level.width} + {kind}" if state else kind
        after = len(found.levels[i + 1].rows) if i + 1 < len(found.levels) else len(found.outcomes)
        state = _lookup([cell for row in level.rows for cell in row], index, after, dialect)
    return state or "0", found.outcomes


def _lookup(table: list[int], index: str, count: int, dialect: Dialect) -> str:
    """table[index], where the values are below count."""
    bits = max(1, (count - 1).bit_length())
    if bits * len(table) <= PACKED:
        packed = sum(value << (bits * i) for i, value in enumerate(table))
        shift = f"({index}) * {bits}" if bits > 1 else f"({index})"
        if dialect == "postgresql":
            return f"CAST(({packed}::bigint >> ({shift})) & {(1 << bits) - 1} AS integer)"
        return f"(({packed}::BIGINT >> ({shift})) & {(1 << bits) - 1})"
    values = ", ".join(map(str, table))
    return f"({f'ARRAY[{values}]' if dialect == 'postgresql' else f'[{values}]'})[{index} + 1]"


def _class(domain: Domain, level: Level, column: str, dialect: Dialect) -> str:
    """The column of the level's table for a value: 0 where it is NULL."""
    place = level.positions
    match domain:
        case Flags():
            return f"CASE WHEN {column} IS NULL THEN 0 WHEN {column} THEN {place[1]} ELSE {place[0]} END"
        case Names():
            rest = place[len(domain.values)] if not domain.closed else 0
            tests = [(f"{column} IN (%s)", place[i], quoted(value)) for i, value in enumerate(domain.values)]
            return _cases(column, tests, rest)
        case Codes():
            return _prefixes(domain, place, column)
        case Steps():
            cuts = [_number(cut, dates=domain.dates) for cut in domain.cuts]
            return _intervals(column, [f"{column} < {cut}" for cut in cuts], place)
        case Line():
            return _intervals(
                column, [f"{column} {'<=' if after else '<'} {cut}" for cut, after in domain.cuts], place
            )
        case Sets():
            return _sets(domain, place, column, dialect)
    raise TypeError(domain)


def _number(cut: int, *, dates: bool) -> str:
    return f"DATE '{date.fromordinal(cut).isoformat()}'" if dates else str(cut)


def _cases(column: str, tests: list[tuple[str, int, str]], rest: int) -> str:
    """Values that have the same effect together; those that have the effect of the rest are not named."""
    grouped: dict[int, list[str]] = {}
    for _, place, value in tests:
        if place != rest:
            grouped.setdefault(place, []).append(value)
    parts = [f"WHEN {column} IN ({', '.join(values)}) THEN {place}" for place, values in grouped.items()]
    return f"CASE WHEN {column} IS NULL THEN 0 {' '.join(parts)} ELSE {rest} END"


def _intervals(column: str, tests: list[str], place: Mapping[int, int]) -> str:
    parts = [f"WHEN {test} THEN {place[i]}" for i, test in enumerate(tests) if place[i] != place[i + 1]]
    return f"CASE WHEN {column} IS NULL THEN 0 {' '.join(parts)} ELSE {place[len(tests)]} END"


def _prefixes(domain: Codes, place: Mapping[int, int], column: str) -> str:
    """The longest first; a code that no constant can leave out is unknown, since there is none."""
    rest = place.get(len(domain.constants), 0)
    longest = sorted(range(len(domain.constants)), key=lambda i: -len(domain.constants[i]))
    parts = [f"WHEN starts_with({column}, {quoted(domain.constants[i])}) THEN {place[i]}" for i in longest]
    return f"CASE WHEN {column} IS NULL THEN 0 {' '.join(parts)} ELSE {rest} END"


def _sets(domain: Sets, place: Mapping[int, int], column: str, dialect: Dialect) -> str:
    tests = [
        f"CASE WHEN {quoted(value)} = ANY({column}) THEN {bit} ELSE 0 END"
        for value, bit in domain.bits.items()
    ]
    table = [place[index] for index in range(domain.size)]
    found = _lookup(table, " + ".join(tests) or "0", max(table) + 1, dialect)
    return f"CASE WHEN {column} IS NULL THEN 0 ELSE {found} END"


def computed(formula: Formula, dialect: Dialect, columns: Columns, on: date | None) -> str:
    """SQL for a formula: NULL as soon as one of its facts is. DuckDB divides in binary, PostgreSQL exactly."""
    missing = " OR ".join(f"({columns[name]}) IS NULL" for name in formula.facts) or "FALSE"
    return f"CASE WHEN {missing} THEN NULL ELSE {_part(formula.part, dialect, columns, on)} END"


def _part(part: Part, dialect: Dialect, columns: Columns, on: date | None) -> str:
    op = part[0]
    if op == "number":
        return f"CAST({part[1]} AS NUMERIC)" if dialect == "postgresql" else str(part[1])
    if op == "fact":
        return (
            f"CAST(({columns[part[1]]}) AS NUMERIC)" if dialect == "postgresql" else f"({columns[part[1]]})"
        )
    if op in ("years", "months", "days"):
        if on is None:
            raise ValueError(f"{op} needs a day")
        return _since(op, columns[part[1][1]], f"DATE '{on.isoformat()}'", dialect)
    inner = [_part(each, dialect, columns, on) for each in part[1:]]
    if op in ("min", "max"):
        return f"{'least' if op == 'min' else 'greatest'}({', '.join(inner)})"
    if op in ("round", "floor", "ceil"):
        return f"round({inner[0]}, {int(part[2][1])})" if op == "round" else f"{op}({inner[0]})"
    return f"({inner[0]} {op} {inner[1]})"


def _since(op: str, column: str, day: str, dialect: Dialect) -> str:
    """Completed years, months or days from a date to the day."""
    if op == "days":
        return f"({day} - ({column}))"
    total = (
        f"(date_part('year', {day}) - date_part('year', {column})) * 12"
        f" + date_part('month', {day}) - date_part('month', {column})"
        f" - CASE WHEN date_part('day', {day}) < date_part('day', {column}) THEN 1 ELSE 0 END"
    )
    return f"CAST({total if op == 'months' else f'floor(({total}) / 12.0)'} AS INTEGER)"
