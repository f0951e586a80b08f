// Which grid a point lies in, found on the telephone: an index of boxes (flatbush), then the outline itself.
import Flatbush from "flatbush";
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";

export type Grid = Feature<Polygon | MultiPolygon, { code: string; name: string; place: string[] }>;

export class Grids {
  private readonly index: Flatbush | undefined;
  private readonly grids: Grid[];

  constructor(collection: FeatureCollection) {
    this.grids = (collection.features as Grid[]).slice().sort((a, b) => (a.properties.code < b.properties.code ? -1 : 1));
    if (!this.grids.length) return;
    this.index = new Flatbush(this.grids.length);
    for (const { geometry } of this.grids) this.index.add(...box(polygons(geometry)));
    this.index.finish();
  }

  // The grid around a point; on a shared edge the lowest code, as the server has it.
  at(lon: number, lat: number): Grid | undefined {
    const near = this.index?.search(lon, lat, lon, lat).sort((a, b) => a - b) ?? [];
    const found = near.find((n) => polygons((this.grids[n] as Grid).geometry).some((rings) => inside(rings, lon, lat)));
    return found === undefined ? undefined : this.grids[found];
  }
}

function polygons(geometry: Polygon | MultiPolygon): Position[][][] {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

function box(parts: Position[][][]): [number, number, number, number] {
  const points = parts.flatMap((rings) => rings[0] ?? []);
  const [xs, ys] = [points.map((one) => one[0] as number), points.map((one) => one[1] as number)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

// Even and odd crossings; a point on the outline counts as within.
function inside(rings: Position[][], x: number, y: number): boolean {
  let within = false;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [ax, ay] = ring[i] as [number, number];
      const [bx, by] = ring[j] as [number, number];
      const cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      if (cross === 0 && Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by)) return true;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
    }
  return within;
}
