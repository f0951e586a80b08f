// The map without a signal: the grids that lie on the telephone, tasks, points of rounds and oneself; no tiles.
import type { FeatureCollection } from "geojson";
import { bounds, colour, draw, maplibregl } from "../entries/map";
import { type Day, type Doing, day, ground, tasks } from "./day";
import { h, show } from "./dom";
import { back } from "./parts";
import { type Spot, lately, watch } from "./place";
import { t } from "./words";

maplibregl.setWorkerUrl("/field/map-worker.js"); // within our scope, so that it is there without a signal

export async function map(main: HTMLElement): Promise<void> {
  const element = h("div", { class: "map tall", role: "region", "aria-label": t("Map") });
  const said = h("p", { role: "status", class: "hint" });
  show(main, h("h1", {}, t("Map")), element, said, back("#/", t("The same as a list")));
  const [held, known, todo] = await Promise.all([ground(), day(), tasks(lately())]);
  try {
    if (!held) throw new Error("no ground");
    await shown(element, held.grids, todo, known);
  } catch {
    element.hidden = true;
    said.textContent = t("This phone cannot draw the map. The list says the same.");
  }
}

const point = (lon: number, lat: number, properties: Record<string, unknown>): FeatureCollection["features"][number] => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties });

async function shown(element: HTMLElement, grids: FeatureCollection, todo: Doing[], known: Day | undefined): Promise<void> {
  const drawn = await draw(element, grids);
  const placed = todo.filter((one) => one.lon !== null && one.lat !== null);
  const cases: FeatureCollection = { type: "FeatureCollection", features: placed.map((one) => point(one.lon as number, one.lat as number, { id: one.id, title: one.title, urgent: one.urgency !== "normal" })) };
  const stand = known?.stand;
  const waits: FeatureCollection = { type: "FeatureCollection", features: stand ? [point(stand.lon, stand.lat, { title: t("Please wait here") })] : [] };
  const stops: FeatureCollection = { type: "FeatureCollection", features: (known?.rounds?.stops ?? []).map((one) => point(one.lon, one.lat, { title: one.name, due: one.due })) };
  const me = (spot: Spot | null): FeatureCollection => ({ type: "FeatureCollection", features: spot ? [point(spot.lon, spot.lat, {})] : [] });
  const edge = { "circle-stroke-width": 2, "circle-stroke-color": colour("--paper", "#ffffff") };
  drawn.addSource("stops", { type: "geojson", data: stops });
  drawn.addLayer({ id: "stops", type: "circle", source: "stops", paint: { "circle-radius": 6, "circle-color": ["case", ["get", "due"], colour("--warn", "#8a5300"), colour("--good", "#1b6e3c")], ...edge } });
  drawn.addSource("me", { type: "geojson", data: me(lately()) });
  drawn.addLayer({ id: "me", type: "circle", source: "me", paint: { "circle-radius": 15, "circle-color": colour("--ink", "#1c2430"), ...edge } });
  drawn.addSource("cases", { type: "geojson", data: cases });
  drawn.addLayer({ id: "cases", type: "circle", source: "cases", paint: { "circle-radius": 10, "circle-color": ["case", ["get", "urgent"], colour("--bad", "#b3261e"), colour("--main", "#0b5cad")], ...edge } });
  drawn.addSource("stand", { type: "geojson", data: waits });
  drawn.addLayer({ id: "stand", type: "circle", source: "stand", paint: { "circle-radius": 11, "circle-color": colour("--paper", "#ffffff"), "circle-stroke-width": 5, "circle-stroke-color": colour("--warn", "#8a5300") } });
  const box = bounds({ ...cases, features: [...cases.features, ...waits.features] });
  if (box) drawn.fitBounds(box, { padding: 40, maxZoom: 15, animate: false });
  drawn.on("click", "cases", ({ features, lngLat }) => popup(drawn, lngLat, String(features?.[0]?.properties?.title), `#/task/${String(features?.[0]?.properties?.id)}`));
  drawn.on("click", "stops", ({ features, lngLat }) => popup(drawn, lngLat, String(features?.[0]?.properties?.title), "#/rounds"));
  drawn.on("click", "stand", ({ features, lngLat }) => popup(drawn, lngLat, String(features?.[0]?.properties?.title), "#/"));
  const stop = watch((spot) => drawn.getSource<import("maplibre-gl").GeoJSONSource>("me")?.setData(me(spot)));
  addEventListener("hashchange", () => (stop(), drawn.remove()), { once: true });
  element.dataset.ready = "";
}

function popup(drawn: import("maplibre-gl").Map, at: { lng: number; lat: number }, title: string, to: string): void {
  new maplibregl.Popup().setLngLat(at).setDOMContent(h("a", { href: to, class: "button" }, title)).addTo(drawn);
}
