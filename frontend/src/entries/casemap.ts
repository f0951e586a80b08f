// The map of open cases, and of hot topics: the server counts them by cells of what is on the screen, and names them from near.
import type { GeoJSONSource, Map as Drawn, MapLayerMouseEvent } from "maplibre-gl";
import { colour, draw, fetched, maplibregl } from "./map";

const element = document.querySelector<HTMLElement>("[data-case-map]");
const said = document.querySelector<HTMLElement>("[data-said]");
if (element)
  show(element).catch(() => {
    element.hidden = true;
    if (said) said.textContent = said.dataset.failed ?? "";
  });

async function show(element: HTMLElement): Promise<void> {
  const map = await draw(element, element.dataset.areas ?? "");
  const nothing = { type: "FeatureCollection" as const, features: [] };
  map.addSource("grids", { type: "geojson", data: nothing });
  map.addSource("cases", { type: "geojson", data: nothing });
  layers(map);
  let asked = 0;
  const load = async (): Promise<void> => {
    const turn = (asked += 1);
    const box = map.getBounds().toArray().flat().map((n) => n.toFixed(5)).join(",");
    const [cases, grids] = await Promise.all([
      fetched(`${element.dataset.caseMap}&box=${box}`),
      element.dataset.grids ? fetched(`${element.dataset.grids}?box=${box}`) : nothing,
    ]);
    if (turn !== asked) return; // the map has moved on
    map.getSource<GeoJSONSource>("cases")?.setData(cases);
    map.getSource<GeoJSONSource>("grids")?.setData(grids);
    const sum = (name: string): string => String(cases.features.reduce((n, one) => n + Number(one.properties?.[name] ?? 0), 0));
    if (said) said.textContent = (said.dataset.count ?? "").replace("{n}", sum("n")).replace("{late}", sum("late"));
    element.dataset.ready = "";
  };
  map.on("moveend", () => void load());
  map.on("click", "cases", (event: MapLayerMouseEvent) => opened(map, event));
  map.on("mouseenter", "cases", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "cases", () => (map.getCanvas().style.cursor = ""));
  await load();
}

function layers(map: Drawn): void {
  const size = ["interpolate", ["linear"], ["log10", ["get", "n"]], 0, 7, 1, 13, 2, 19, 3, 25, 4, 32] as never;
  const late = ["case", [">", ["get", "late"], 0], colour("--bad", "#b3261e"), colour("--main", "#0b5cad")] as never;
  map.addLayer({ id: "grids", type: "line", source: "grids", paint: { "line-color": colour("--line", "#d5dbe2"), "line-width": 1 } });
  map.addLayer({
    id: "cases",
    type: "circle",
    source: "cases",
    paint: {
      "circle-radius": size,
      "circle-color": late,
      "circle-opacity": 0.75,
      "circle-stroke-width": 1.5,
      "circle-stroke-color": colour("--paper", "#ffffff"),
    },
  });
}

// A cluster comes nearer; a case says what it is, and its numbers are drawn as text of the page.
function opened(map: Drawn, { features, lngLat }: MapLayerMouseEvent): void {
  const found = features?.[0]?.properties;
  if (!found) return;
  const content = document.createElement("div");
  if (found.url) {
    const link = document.createElement("a");
    link.href = String(found.url);
    link.textContent = String(found.title);
    const state = document.createElement("p");
    state.textContent = [found.state, found.with].filter(Boolean).join(" · ");
    content.append(link, state);
  } else if (map.getZoom() < 17) {
    map.easeTo({ center: lngLat, zoom: map.getZoom() + 2 });
    return;
  } else content.textContent = String(found.n);
  new maplibregl.Popup().setLngLat(lngLat).setDOMContent(content).addTo(map);
}
