// Point → grid as the telephone finds it: 2,000 made-up grids, in Node (the engine of Chromium).
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { Grids } from "./grids.mjs";

const { collection, points } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [a, grids, b] = [performance.now(), new Grids(collection), performance.now()];
const found = [];
const times = [];
for (const [lon, lat] of points) {
  const began = performance.now();
  found.push(grids.at(lon, lat)?.properties.code ?? null);
  times.push(performance.now() - began);
}
const boxes = collection.features.map(({ geometry }) => geometry);
const plain = performance.now();
for (const [lon, lat] of points.slice(0, 200)) boxes.find((one) => Grids.holds(one, lon, lat));
const all = (performance.now() - plain) / 200;
times.sort((x, y) => x - y);
const at = (share) => times[Math.floor(times.length * share)];
process.stdout.write(JSON.stringify({ made: b - a, median: at(0.5), worst: times[times.length - 1], p99: at(0.99), all, found }));
