"""Point → grid on the telephone: the app's own look-up on 2,000 made-up grids, in Node (the engine of Chromium).

Run: make bench NAME=fieldgrids. Beside it, in the same run, looking through all grids one by one. A frame is 16.7 ms;
`ratio` is the slowest of 20,000 look-ups in frames,
each the best of three, for the machine does other things. Every answer is compared with that of the server (shapely).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import shapely
from rich.console import Console
from rich.table import Table

from shanzhi.places.locate import Locator
from shanzhi.places.tests.tiling import town

POINTS, FRAME = 20_000, 1000 / 60
ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
SCRIPT = """
import { readFileSync } from "node:fs";
import { Grids } from "./grids.mjs";
const { collection, points } = JSON.parse(readFileSync(process.argv[2], "utf8"));
let began = performance.now();
const grids = new Grids(collection);
const made = performance.now() - began;
const times = points.map(() => Infinity), found = [];
for (let turn = 0; turn < 3; turn += 1)
  points.forEach(([lon, lat], n) => {
    began = performance.now();
    const grid = grids.at(lon, lat);
    times[n] = Math.min(times[n], performance.now() - began);
    found[n] = grid ? grid.properties.code : null;
  });
const each = collection.features.map((one) => new Grids({ type: "FeatureCollection", features: [one] }));
began = performance.now();
for (const [lon, lat] of points.slice(0, 200)) each.find((one) => one.at(lon, lat));
const through = (performance.now() - began) / 200;
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(Math.floor(times.length * share), times.length - 1)];
console.log(JSON.stringify({ made, median: at(0.5), p99: at(0.99), worst: at(1), through, found }));
"""


def ran(collection: dict[str, object], points: list[list[float]]) -> dict[str, object]:
    """What the app's module, bundled as Vite bundles it, says and how long it takes."""
    env = os.environ | {"PATH": f"{ROOT / '.venv' / 'node'}:{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory(dir=FRONTEND) as folder:
        out = Path(folder)
        build = [
            "npx",
            "esbuild",
            "src/field/grids.ts",
            "--bundle",
            "--format=esm",
            f"--outfile={out}/grids.mjs",
        ]
        subprocess.run(build, cwd=FRONTEND, env=env, check=True, capture_output=True)
        (out / "run.mjs").write_text(SCRIPT)
        (out / "data.json").write_text(json.dumps({"collection": collection, "points": points}))
        command = ["node", f"{out}/run.mjs", f"{out}/data.json"]
        done = subprocess.run(command, cwd=FRONTEND, env=env, check=True, capture_output=True, text=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def main() -> None:
    codes, polygons = town(50, 40)
    west, south, east, north = shapely.total_bounds(polygons)
    dice = np.random.default_rng(7)
    lons, lats = dice.uniform(west, east, POINTS), dice.uniform(south, north, POINTS)
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": json.loads(shapely.to_geojson(one))}
        for code, one in zip(codes, polygons, strict=True)
    ]
    points = [list(pair) for pair in zip(lons.tolist(), lats.tolist(), strict=True)]
    told = ran({"type": "FeatureCollection", "features": features}, points)
    server = list(Locator(codes, polygons).grids_at(lons, lats))
    same = sum(one == other for one, other in zip(told["found"], server, strict=True))  # type: ignore[call-overload]
    table = Table(
        "2,000 grids", "index made", "median", "99 %", "slowest", "looking through all", "same as server"
    )
    times = [f"{float(str(told[name])):.4f} ms" for name in ("made", "median", "p99", "worst", "through")]
    table.add_row("telephone's look-up", *times, f"{same} of {POINTS}")
    Console(file=sys.stderr, width=130).print(table)
    ratio = round(float(str(told["worst"])) / FRAME, 3)
    times_ = round(float(str(told["through"])) / float(str(told["median"])))
    line = {"bench": "fieldgrids", "ratio": ratio, "same": same, "points": POINTS, "faster_than_all": times_}
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
