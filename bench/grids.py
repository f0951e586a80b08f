"""Redrawing among 2,000 grids: one step of a draft with its check of the whole, beside a bare cut and check by shapely.

    make bench NAME=grids

A generated town of 50 x 40 winding blocks; each of 30 of them is cut in two. `step` is what the server does for one
press of a button, without the database: the cut, drawn to what is there, corners for the neighbours, and the check for
gaps and overlaps of a community of 16 grids with all that touch it. The limit beside it, `bare`, is the same cut by
`shapely.ops.split` and one `coverage_invalid_edges` over all 2,000 grids, which says where but not what is wrong.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import shapely
from rich.console import Console
from rich.table import Table
from shapely.ops import split as bare

from shanzhi.grids.steps import Plan, difference, done
from shanzhi.places import redrawing
from shanzhi.places.locate import Locator
from shanzhi.places.tests.tiling import town

COLUMNS, ROWS, SIDE, TURNS = 50, 40, 4, 30


def main() -> None:
    codes, polygons = town(COLUMNS, ROWS)
    everything = dict(zip(codes, polygons, strict=True))
    figures: dict[str, list[float]] = {"bare": [], "step": [], "locate": []}
    locator = Locator(codes, polygons)
    for turn in range(TURNS):
        shapes, code = community(codes, everything, turn)
        west, south, east, north = shapes[code].bounds
        x = (west + east) / 2
        line = [[x, south - 0.001], [x, north + 0.001]]
        figures["bare"].append(timed(partial(plain, shapes[code], line, polygons)))
        figures["step"].append(timed(partial(step, shapes, everything, code, line)))
        middle = shapes[code].representative_point()
        figures["locate"].append(timed(partial(locator.grid_at, middle.x, middle.y)))
    middle_of = {name: statistics.median(values) for name, values in figures.items()}
    table = Table("what", "ms, median of 30", title=f"{len(codes):,} grids")
    for name, seconds in middle_of.items():
        table.add_row(name, f"{seconds * 1000:.3f}")
    Console(stderr=True).print(table)
    answer = {"bench": "grids", "grids": len(codes), "ratio": middle_of["step"] / middle_of["bare"]}
    told = answer | {f"{name}_ms": seconds * 1000 for name, seconds in middle_of.items()}
    sys.stdout.write(json.dumps(told) + "\n")


def community(codes: list[str], everything: dict[str, Any], turn: int) -> tuple[dict[str, Any], str]:
    """Sixteen neighbours, four by four, and one in their middle."""
    row, column = (turn * 7) % (ROWS - SIDE), (turn * 11) % (COLUMNS - SIDE)
    inside = [codes[(row + i) * COLUMNS + column + j] for i in range(SIDE) for j in range(SIDE)]
    return {code: everything[code] for code in inside}, inside[SIDE + 1]


def step(shapes: dict[str, Any], everything: dict[str, Any], code: str, line: list[list[float]]) -> None:
    before = Plan("510107000001", shapes, {one: one for one in shapes}, frozenset(shapes))
    after = done(before, [{"do": "split", "grid": code, "line": line, "name": "new"}])
    around = redrawing.near(
        {**shapes, **after.shapes}, {c: s for c, s in everything.items() if c not in shapes}
    )
    fitted, _ = redrawing.fitted(after.shapes, around)
    ground = shapely.union_all([*shapes.values()])
    redrawing.faults(fitted, ground, redrawing.fitted(around, fitted)[0])
    difference(before, after)


def plain(shape: Any, line: list[list[float]], polygons: Any) -> None:
    bare(shape, shapely.LineString(line))
    shapely.coverage_invalid_edges(polygons, gap_width=5e-5)


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
