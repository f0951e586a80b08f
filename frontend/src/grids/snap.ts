// Snapping while one draws: to the nearest corner within reach, else to the nearest border. Screen pixels, so that it
// feels the same from afar and from near; the server snaps again, in metres, and what it says counts.
import type { Feature, FeatureCollection } from "geojson";

export type Spot = [number, number];
type Project = (spot: Spot) => { x: number; y: number };

// The rings of all outlines.
export function rings(collections: FeatureCollection[]): Spot[][] {
  return collections.flatMap(({ features }) => features.flatMap(ringsOf));
}

function ringsOf({ geometry }: Feature): Spot[][] {
  if (geometry.type === "Polygon") return geometry.coordinates as Spot[][];
  if (geometry.type === "MultiPolygon") return (geometry.coordinates as Spot[][][]).flat();
  return [];
}

// The corner or the point on a border that is meant; the spot itself where none is near.
export function snapped(at: Spot, lines: Spot[][], project: Project, reach = 12): Spot {
  const here = project(at);
  let best: Spot = at;
  let away = reach;
  let edge: Spot = at;
  let far = reach;
  for (const line of lines) {
    let before = line.length ? project(line[0] as Spot) : here;
    for (let i = 1; i < line.length; i++) {
      const corner = line[i] as Spot;
      const now = project(corner);
      const distance = Math.hypot(now.x - here.x, now.y - here.y);
      if (distance < away) [away, best] = [distance, corner];
      const [dx, dy] = [now.x - before.x, now.y - before.y];
      const length = dx * dx + dy * dy;
      const t = length ? Math.max(0, Math.min(1, ((here.x - before.x) * dx + (here.y - before.y) * dy) / length)) : 0;
      const aside = Math.hypot(before.x + t * dx - here.x, before.y + t * dy - here.y);
      if (aside < far) {
        const start = line[i - 1] as Spot;
        [far, edge] = [aside, [start[0] + t * (corner[0] - start[0]), start[1] + t * (corner[1] - start[1])]];
      }
      before = now;
    }
  }
  return away < reach ? best : edge;
}

// The rings with a corner in view: what is far away cannot be meant.
export function inView(lines: Spot[][], [west, south, east, north]: [number, number, number, number]): Spot[][] {
  return lines.filter((line) => {
    let [w, s, e, n] = [180, 90, -180, -90];
    for (const [x, y] of line) [w, s, e, n] = [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)];
    return w <= east && e >= west && s <= north && n >= south;
  });
}
