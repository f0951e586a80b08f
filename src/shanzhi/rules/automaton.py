"""A rule as an automaton in which unknown is one more value of each fact (三值自动机), for SQL.

It reads the facts in their order. A state is the set of nodes of the diagram that may be meant: an unknown fact
leads to all children. So the last state is the set of all answers that some completion of the facts gives, which
is exact; states with the same future are then joined.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shanzhi.rules.diagram import VARIES, Node, Outcome, TooComplex
from shanzhi.rules.evaluate import Rule

MOST = 50_000
States = list[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Level:
    """One fact: `positions` gives for a class of its values a column of the table (0 is unknown)."""

    fact: int
    positions: dict[int, int]
    rows: tuple[tuple[int, ...], ...]

    @property
    def width(self) -> int:
        return len(self.rows[0])


@dataclass(frozen=True, slots=True)
class Automaton:
    """The levels, each leading to the states of the next, and what the last states say."""

    levels: tuple[Level, ...]
    outcomes: tuple[Any, ...]


def automaton(rule: Rule, say: Callable[[Outcome], Any] = lambda outcome: outcome) -> Automaton:
    """The automaton of a rule. `say`: what is wanted of an outcome; the less it is, the fewer states there are.

    Raises TooComplex.
    """
    key = tuple(-1 for _ in rule.names)
    diagram, [root] = rule.nodes([key])
    nodes = diagram.nodes
    facts = sorted({nodes[number].fact for number in below(nodes, root)} - {-1})
    start: frozenset[int] = frozenset([root])
    states = {start: 0}
    tables: list[States] = []
    for fact in facts:
        following: dict[frozenset[int], int] = {}
        rows = []
        for state in states:
            parts = [nodes[number].children if nodes[number].fact == fact else (number,) for number in state]
            width = len(rule.machine.classes(fact))
            nexts = [frozenset(number for part in parts for number in part)]
            nexts += [
                frozenset(part[i] if len(part) > 1 else part[0] for part in parts) for i in range(width)
            ]
            rows.append(tuple(following.setdefault(each, len(following)) for each in nexts))
        if len(following) > MOST:
            raise TooComplex(rule=rule.id)
        tables.append(rows)
        states = following
    said = [say(common([nodes[number].common for number in state])) for state in states]
    outcomes = tuple(dict.fromkeys(said))
    return Automaton(tuple(_joined(rule, facts, tables, [outcomes.index(each) for each in said])), outcomes)


def below(nodes: Sequence[Node], root: int) -> set[int]:
    """The numbers of all nodes that can be reached."""
    found = {root}
    left = [root]
    while left:
        new = set(nodes[left.pop()].children) - found
        found |= new
        left += new
    return found


def common(outcomes: Sequence[Outcome]) -> Outcome:
    """What several outcomes have in common; VARIES elsewhere."""
    first = outcomes[0]
    return tuple(
        value if all(other[i] == value for other in outcomes) else VARIES for i, value in enumerate(first)
    )


def _joined(rule: Rule, facts: list[int], tables: list[States], last: list[int]) -> list[Level]:
    """The levels, from the last: states with the same future are one, and so are values with the same effect."""
    levels = []
    meaning = last
    for fact, rows in zip(reversed(facts), reversed(tables), strict=True):
        renamed = [tuple(meaning[state] for state in row) for row in rows]
        kept = list(dict.fromkeys(renamed))
        meaning = _numbers(renamed, kept)
        columns = list(zip(*kept, strict=True))
        different = [columns[0], *dict.fromkeys(columns[1:])]
        places = {column: i + 1 for i, column in enumerate(different[1:])}
        by_rows = {
            rule.machine.columns[fact][index]: places[columns[i + 1]]
            for i, index in enumerate(rule.machine.classes(fact))
        }
        column = rule.machine.columns[fact]
        positions = {index: by_rows[column[index]] for index in range(rule.domains[fact].size)}
        levels.append(Level(fact, positions, tuple(zip(*different, strict=True))))
    return levels[::-1]


def _numbers(rows: States, kept: States) -> list[int]:
    numbers = {row: i for i, row in enumerate(kept)}
    return [numbers[row] for row in rows]
