// Where the telephone is, and how far that is from something. Positions are asked for only when they are needed.
export interface Spot {
  lon: number;
  lat: number;
  accuracy: number | null;
}

const RADIUS = 6_371_008.8;
let last: { spot: Spot; at: number } | undefined;

const read = ({ coords }: GeolocationPosition): Spot => {
  const spot = { lon: round(coords.longitude), lat: round(coords.latitude), accuracy: Math.round(coords.accuracy) };
  last = { spot, at: Date.now() };
  return spot;
};
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

// One's position, at most `age` old; null when the telephone does not know or may not tell.
export function where(age = 15_000, patience = 8_000): Promise<Spot | null> {
  if (last && Date.now() - last.at < age) return Promise.resolve(last.spot);
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((told) => {
    navigator.geolocation.getCurrentPosition((found) => told(read(found)), () => told(null), { enableHighAccuracy: true, timeout: patience, maximumAge: age });
  });
}

export const fix = (): { spot: Spot; at: number } | undefined => last;

export const lately = (): Spot | null => (last && Date.now() - last.at < 600_000 ? last.spot : null);

export function watch(seen: (spot: Spot) => void): () => void {
  if (!navigator.geolocation) return () => undefined;
  const id = navigator.geolocation.watchPosition((found) => seen(read(found)), () => undefined, { enableHighAccuracy: true });
  return () => navigator.geolocation.clearWatch(id);
}

export function metres(one: { lon: number; lat: number }, other: { lon: number; lat: number }): number {
  const rad = Math.PI / 180;
  const a = Math.sin(((other.lat - one.lat) * rad) / 2) ** 2 + Math.cos(one.lat * rad) * Math.cos(other.lat * rad) * Math.sin(((other.lon - one.lon) * rad) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(a));
}

export const far = (m: number): string => (m < 950 ? `${Math.max(Math.round(m / 10) * 10, 10)} m` : `${(m / 1000).toFixed(1)} km`);

// A track with few points that is nowhere further than `within` metres from the whole one (Douglas–Peucker).
export function thinned<P extends { lon: number; lat: number }>(points: P[], within = 8): P[] {
  if (points.length < 3) return points;
  const first = points[0] as P;
  const end = points[points.length - 1] as P;
  let [worst, at] = [0, 0];
  for (let i = 1; i < points.length - 1; i += 1) {
    const d = aside(points[i] as P, first, end);
    if (d > worst) [worst, at] = [d, i];
  }
  if (worst <= within) return [first, end];
  return [...thinned(points.slice(0, at + 1), within).slice(0, -1), ...thinned(points.slice(at), within)];
}

function aside(point: { lon: number; lat: number }, a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const k = Math.cos((a.lat * Math.PI) / 180);
  const scale = (Math.PI / 180) * RADIUS;
  const [px, py] = [(point.lon - a.lon) * k * scale, (point.lat - a.lat) * scale];
  const [bx, by] = [(b.lon - a.lon) * k * scale, (b.lat - a.lat) * scale];
  const length = bx * bx + by * by;
  const along = length ? Math.max(0, Math.min(1, (px * bx + py * by) / length)) : 0;
  return Math.hypot(px - along * bx, py - along * by);
}
