"""Point to grid: our look-up beside a bare shapely STRtree, on 24,000 made-up grids, in one run on one core.

Run: .venv/bin/python bench/locate.py
"""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import shapely
from rich.console import Console
from rich.table import Table

from shanzhi.places.locate import Locator
from shanzhi.places.tests.tiling import town

POINTS = 400_000
SINGLE = 20_000
T = TypeVar("T")


def timed(work: Callable[[], T], rounds: int = 3) -> tuple[float, T]:
    """The least time of several runs in seconds, and what the last one gave."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = work()
        times.append(time.perf_counter() - began)
    return min(times), answer


def main() -> None:
    codes, polygons = town(160, 150)
    west, south, east, north = shapely.total_bounds(polygons)
    random = np.random.default_rng(7)
    lons, lats = random.uniform(west, east, POINTS), random.uniform(south, north, POINTS)
    some = list(zip(lons[:SINGLE].tolist(), lats[:SINGLE].tolist(), strict=True))
    made_s, locator = timed(lambda: Locator(codes, polygons), rounds=1)
    tree = shapely.STRtree(polygons)

    def bare() -> Any:
        return tree.query(shapely.points(lons, lats), predicate="intersects")

    bulk_s, _ = timed(lambda: locator.grids_at(lons, lats))
    bare_s, pairs = timed(bare)
    single_s, _ = timed(lambda: [locator.grid_at(lon, lat) for lon, lat in some])
    bare_single_s, _ = timed(lambda: [tree.query(shapely.Point(at), predicate="intersects") for at in some])
    result = {
        "bench": "locate",
        "ratio": round(bare_s / bulk_s, 2),
        "per_second": round(POINTS / bulk_s),
        "single_us": round(single_s / SINGLE * 1e6, 2),
        "bare_per_second": round(POINTS / bare_s),
        "bare_single_us": round(bare_single_s / SINGLE * 1e6, 2),
        "made_s": round(made_s, 2),
        "differ": differences(locator.indices_at(lons, lats), *pairs),
    }
    show(result)


def differences(found: Any, point: Any, polygon: Any) -> int:
    """How many of our answers are not the lowest polygon that the tree found for the point."""
    expected = np.full(len(found), len(found))
    np.minimum.at(expected, point, polygon)
    return int((np.where(expected == len(found), -1, expected) != found).sum())


def show(result: dict[str, Any]) -> None:
    title = "24,000 grids, {:,} points; made in {} s; {} answers differ"
    table = Table(title=title.format(POINTS, result["made_s"], result["differ"]))
    for column in ("", "points a second", "µs one by one"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("Locator", f"{result['per_second']:,}", f"{result['single_us']}")
    table.add_row("bare STRtree", f"{result['bare_per_second']:,}", f"{result['bare_single_us']}")
    console = Console()
    console.print(table)
    console.print(json.dumps(result), soft_wrap=True, highlight=False)


if __name__ == "__main__":
    main()
