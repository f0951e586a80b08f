// Maps: MapLibre GL with a style of our own; it draws only what this installation serves, no tiles from outside.
// The build for a strict CSP: its worker is a file of ours, not a string.
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp";
import worker from "maplibre-gl/dist/maplibre-gl-csp-worker?url";
import type { Map as Drawn } from "maplibre-gl";
import type { FeatureCollection } from "geojson";

maplibregl.setWorkerUrl(worker);

const colour = (name: string, otherwise: string): string =>
  getComputedStyle(document.body).getPropertyValue(name).trim() || otherwise;

type Box = [number, number, number, number];

// West, south, east, north of everything in a collection; null when it is empty.
export function bounds(collection: FeatureCollection): Box | null {
  const box: Box = [180, 90, -180, -90];
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number" && typeof part[1] === "number") {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    } else part.forEach(walk);
  };
  for (const one of collection.features) if (one.geometry && "coordinates" in one.geometry) walk(one.geometry.coordinates);
  return box[0] > box[2] ? null : box;
}

export async function fetched(address: string): Promise<FeatureCollection> {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as FeatureCollection;
}

// A map in an element: the outlines given, or those at an address, as its ground. Rejects when WebGL or the outlines are missing.
export async function draw(element: HTMLElement, areas: string | FeatureCollection): Promise<Drawn> {
  const outlines = typeof areas === "string" ? await fetched(areas) : areas;
  element.hidden = false;
  const map: Drawn = new maplibregl.Map({
    container: element,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    style: {
      version: 8,
      sources: { areas: { type: "geojson", data: outlines } },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": colour("--ground", "#f4f6f8") } },
        { id: "areas", type: "fill", source: "areas", paint: { "fill-color": colour("--paper", "#ffffff") } },
        {
          id: "edges",
          type: "line",
          source: "areas",
          paint: { "line-color": colour("--field", "#7b8794"), "line-width": 1 },
        },
      ],
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  const box = bounds(outlines);
  if (box) map.fitBounds(box, { padding: 16, animate: false });
  await map.once("load");
  return map;
}

export { colour, maplibregl };
