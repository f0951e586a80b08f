"""An independent reading of rules, slow and plain: every completion of the facts over a small world.

It shares no code with the engine: it interprets the raw cells itself, and asks all values there are.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations, product
from typing import Any

from hypothesis import strategies as st

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(6)]
AREAS = ["44", "51", "5101", "510107", "510107001", "510107001001", "510107002"]
CATEGORIES = ["A01", "C01", "E", "E01", "E0101", "E0102", "E02", "H03"]  # the first one is never named
FLAGS = ["fire", "gas", "injury"]

SPECS: dict[str, dict[str, Any]] = {
    "bool": {"type": "bool"},
    "enum": {"type": "enum", "values": ["low", "middle", "high"]},
    "text": {"type": "text"},
    "int": {"type": "int", "min": 0, "max": 6},
    "decimal": {"type": "decimal", "min": 0, "max": "2"},
    "date": {"type": "date", "min": DAYS[0], "max": DAYS[-1]},
    "area": {"type": "area"},
    "category": {"type": "category"},
    "flags": {"type": "enum", "values": FLAGS, "many": True},
}
WORLD: dict[str, list[Any]] = {
    "bool": [False, True],
    "enum": ["low", "middle", "high"],
    "text": ["x", "y", "something else"],
    "int": list(range(7)),
    "decimal": [Decimal(i) / 4 for i in range(9)],
    "date": DAYS,
    "area": AREAS,
    "category": CATEGORIES,
    "flags": [frozenset(s) for s in chain.from_iterable(combinations(FLAGS, n) for n in range(4))],
}
CONSTANTS: dict[str, list[Any]] = {
    "bool": [False, True],
    "enum": ["low", "middle", "high"],
    "text": ["x", "y"],
    "int": list(range(7)),
    "decimal": ["0", "0.5", "1", "1.5", "2"],
    "date": [day.isoformat() for day in DAYS],
    "area": AREAS[1:],
    "category": CATEGORIES[1:],
    "flags": FLAGS,
}


def meets(kind: str, cell: Any, value: Any) -> bool:
    """Whether a value meets a raw cell."""
    if isinstance(cell, dict) and "not" in cell:
        return not meets(kind, cell["not"], value)
    if isinstance(cell, dict):
        return all(meets(kind, each, value) for each in cell["all"])
    if isinstance(cell, list):
        return any(meets(kind, each, value) for each in cell)
    if kind == "flags":
        return cell in value
    if kind in ("area", "category"):
        return bool(value[: len(cell)] == cell)
    if kind in ("int", "decimal", "date"):
        return _in_order(kind, str(cell), value)
    return bool(cell == value)


def _in_order(kind: str, cell: str, value: Any) -> bool:
    readers: dict[str, Callable[[str], Any]] = {"int": int, "decimal": Decimal, "date": date.fromisoformat}
    read = readers[kind]
    if cell[0] in "[(":
        low, high = (read(part.strip()) for part in cell[1:-1].split(","))
        above = value >= low if cell[0] == "[" else value > low
        return bool(above and (value <= high if cell[-1] == "]" else value < high))
    for sign, compare in SIGNS.items():
        if cell.startswith(sign):
            return bool(compare(value, read(cell[len(sign) :].strip())))
    return bool(value == read(cell))


SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b, "<": lambda a, b: a < b, "=": lambda a, b: a == b,
}  # fmt: skip


def answer(rule: dict[str, Any], facts: dict[str, Any]) -> tuple[Any, ...]:
    """(truth, outputs as sorted pairs) for complete facts."""
    if "when" in rule:
        return truth(rule, rule["when"], facts), ()
    matched = matching(rule, facts)
    if rule["policy"] == "collect":
        lists = {
            name: tuple(dict.fromkeys(rule["rows"][row]["then"][name] for row in matched))
            for name in rule["outputs"]
        }
        return bool(matched), tuple(sorted(lists.items()))
    if matched:
        return True, tuple(sorted(rule["rows"][matched[0]]["then"].items()))
    if rule.get("otherwise"):
        return True, tuple(sorted(rule["otherwise"]["then"].items()))
    return False, ()


def matching(rule: dict[str, Any], facts: dict[str, Any]) -> list[int]:
    return [
        i
        for i, row in enumerate(rule["rows"])
        if all(meets(kind, cell, facts[kind]) for kind, cell in row["when"].items())
    ]


def truth(rule: dict[str, Any], node: dict[str, Any], facts: dict[str, Any]) -> bool:
    if "all" in node:
        return all(truth(rule, part, facts) for part in node["all"])
    if "any" in node:
        return any(truth(rule, part, facts) for part in node["any"])
    if "not" in node:
        return not truth(rule, node["not"], facts)
    return all(meets(kind, cell, facts[kind]) for kind, cell in node.items())


class World:
    """The answers of a rule for every combination of values."""

    def __init__(self, rule: dict[str, Any]) -> None:
        self.names = list(rule["facts"])
        values = [WORLD[name] for name in self.names]
        self.all = {
            combination: answer(rule, dict(zip(self.names, combination, strict=True)))
            for combination in product(*values)
        }

    def possible(self, facts: dict[str, Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        known = [(i, facts[name]) for i, name in enumerate(self.names) if name in facts]
        return {c: a for c, a in self.all.items() if all(c[i] == value for i, value in known)}

    def missing(self, facts: dict[str, Any]) -> set[str]:
        """Facts of which two values give different answers in some completion of the others."""
        possible = self.possible(facts)
        found = set()
        for i, name in enumerate(self.names):
            seen: dict[tuple[Any, ...], Any] = {}
            for combination, each in possible.items():
                others = combination[:i] + combination[i + 1 :]
                if seen.setdefault(others, each) != each:
                    found.add(name)
                    break
        return found


@st.composite
def cells(draw: st.DrawFn, kind: str) -> Any:
    """A raw cell on a fact of this kind."""
    constant = st.sampled_from(CONSTANTS[kind])
    shapes: list[st.SearchStrategy[Any]] = [constant, st.lists(constant, min_size=1, max_size=3)]
    if kind in ("int", "decimal", "date"):
        sign = st.sampled_from(list(SIGNS))
        shapes += [st.builds("{} {}".format, sign, constant), _intervals(kind)]
    if kind == "flags":
        shapes.append(st.builds(lambda v: {"all": v}, st.lists(constant, min_size=1, max_size=2)))
    cell = draw(st.one_of(shapes))
    return {"not": cell} if draw(st.integers(0, 4)) == 0 else cell


def _intervals(kind: str) -> st.SearchStrategy[str]:
    places = range(len(CONSTANTS[kind]))
    ends = st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True).map(sorted)
    return st.builds(
        lambda e, low, high: f"{low}{CONSTANTS[kind][e[0]]}, {CONSTANTS[kind][e[1]]}{high}",
        ends,
        st.sampled_from("[("),
        st.sampled_from("])"),
    )


def _whens(kinds: list[str], least: int) -> st.SearchStrategy[dict[str, Any]]:
    chosen = st.lists(st.sampled_from(kinds), min_size=least, max_size=3, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: cells(name) for name in names}))


THEN = st.fixed_dictionaries({"verdict": st.sampled_from(["yes", "no"]), "days": st.integers(1, 2)})


@st.composite
def tables(draw: st.DrawFn, most: int = 6) -> dict[str, Any]:
    """A raw decision table over one to three facts."""
    kinds = draw(st.lists(st.sampled_from(list(SPECS)), min_size=1, max_size=3, unique=True))
    policy = draw(st.sampled_from(["first", "first", "unique", "collect"]))
    row = st.fixed_dictionaries({"when": _whens(kinds, 0), "then": THEN})
    rule = _head(kinds) | {
        "outputs": {"verdict": {"type": "enum", "values": ["yes", "no"]}, "days": {"type": "int"}},
        "policy": policy,
        "rows": draw(st.lists(row, min_size=1, max_size=most)),
    }
    if policy != "collect":
        rule["otherwise"] = draw(st.one_of(st.none(), st.just(False), st.builds(lambda t: {"then": t}, THEN)))
    return rule


@st.composite
def expressions(draw: st.DrawFn) -> dict[str, Any]:
    """A raw expression over one to three facts."""
    kinds = draw(st.lists(st.sampled_from(list(SPECS)), min_size=1, max_size=3, unique=True))
    parts = st.recursive(
        _whens(kinds, 1),
        lambda inner: st.one_of(
            st.builds(lambda v: {"all": v}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda v: {"any": v}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda v: {"not": v}, inner),
        ),
        max_leaves=6,
    )
    return _head(kinds) | {"when": draw(parts)}


def _head(kinds: list[str]) -> dict[str, Any]:
    return {
        "id": "test",
        "version": 1,
        "title": {"zh": "试", "en": "Test"},
        "valid": {"from": "2026-01-01"},
        "source": {"kind": "sample", "document": "样例"},
        "cover": False,
        "facts": {kind: SPECS[kind] for kind in kinds},
    }


@st.composite
def partial(draw: st.DrawFn, rule: dict[str, Any]) -> dict[str, Any]:
    """Some of the facts of a rule, with values of the small world."""
    names = draw(st.lists(st.sampled_from(list(rule["facts"])), unique=True))
    return {name: draw(st.sampled_from(WORLD[name])) for name in names}
