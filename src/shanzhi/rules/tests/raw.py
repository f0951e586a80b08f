"""Random raw rules over the small world of the oracle, by plain dice: a thousand in a second."""

from random import Random
from typing import Any

from shanzhi.rules.tests.oracle import CONSTANTS, SIGNS, SPECS

Raw = dict[str, Any]
HEAD: Raw = {
    "id": "test",
    "version": 1,
    "title": {"zh": "试", "en": "Test"},
    "valid": {"from": "2026-01-01"},
    "source": {"kind": "sample", "document": "样例"},
    "cover": False,
}
OUTPUTS: Raw = {"result": {"type": "enum", "values": ["yes", "no"]}, "days": {"type": "int"}}


def a_rule(dice: Random) -> Raw:
    """A table (two in three) or an expression over two or three facts of all kinds."""
    kinds = dice.sample(list(SPECS), dice.choice([2, 3, 3]))
    head = HEAD | {"facts": {kind: SPECS[kind] for kind in kinds}}
    return head | ({"when": an_expression(dice, kinds, 3)} if dice.random() < 1 / 3 else a_table(dice, kinds))


def a_table(dice: Random, kinds: list[str]) -> Raw:
    policy = dice.choice(["first", "first", "unique", "collect"])
    table: Raw = {
        "policy": policy,
        "outputs": OUTPUTS,
        "rows": [{"when": _when(dice, kinds), "then": _then(dice)} for _ in range(dice.randint(1, 7))],
    }
    if policy != "collect":
        table["otherwise"] = dice.choice([None, False, False, {"then": _then(dice)}])
    return table


def an_expression(dice: Random, kinds: list[str], depth: int) -> Raw:
    shape = dice.choice(["leaf", "all", "any", "not"]) if depth else "leaf"
    if shape == "leaf":
        return _when(dice, kinds)
    if shape == "not":
        return {"not": an_expression(dice, kinds, depth - 1)}
    return {shape: [an_expression(dice, kinds, depth - 1) for _ in range(dice.randint(1, 3))]}


def a_cell(dice: Random, kind: str) -> Any:
    """A raw cell on a fact of this kind."""
    constants = CONSTANTS[kind]
    shapes = (
        ["one", "list"]
        + ["sign", "between"] * (kind in ("int", "decimal", "date"))
        + ["all"] * (kind == "flags")
    )
    cell: Any = dice.choice(constants)
    match dice.choice(shapes):
        case "list":
            cell = dice.choices(constants, k=dice.randint(1, 3))
        case "sign":
            cell = f"{dice.choice(list(SIGNS))} {cell}"
        case "between":
            low, high = sorted(dice.sample(range(len(constants)), 2))
            cell = f"{dice.choice('[(')}{constants[low]}, {constants[high]}{dice.choice('])')}"
        case "all":
            cell = {"all": dice.choices(constants, k=dice.randint(1, 2))}
    return {"not": cell} if dice.random() < 0.2 else cell


def _when(dice: Random, kinds: list[str]) -> Raw:
    return {kind: a_cell(dice, kind) for kind in dice.sample(kinds, dice.randint(1, len(kinds)))}


def _then(dice: Random) -> Raw:
    return {"result": dice.choice(["yes", "no"]), "days": dice.randint(1, 2)}
