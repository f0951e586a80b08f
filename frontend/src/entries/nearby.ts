// The map of public reports, and the button that asks for those around oneself.
import type { MapLayerMouseEvent } from "maplibre-gl";
import { bounds, colour, draw, fetched, maplibregl } from "./map";

const element = document.querySelector<HTMLElement>("[data-map]");
if (element) show(element).catch(() => (element.hidden = true)); // the list below says the same

async function show(element: HTMLElement): Promise<void> {
  const [map, cases] = await Promise.all([draw(element, element.dataset.areas ?? ""), fetched(element.dataset.map ?? "")]);
  map.addSource("cases", { type: "geojson", data: cases });
  map.addLayer({
    id: "cases",
    type: "circle",
    source: "cases",
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 3, 14, 8], // far away they must not hide each other
      "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 14, 2],
      "circle-stroke-color": colour("--paper", "#ffffff"),
      "circle-color": [
        "case",
        ["get", "late"], colour("--bad", "#b3261e"),
        ["get", "open"], colour("--main", "#0b5cad"),
        ["==", ["get", "ending"], "solved"], colour("--good", "#1b6e3c"), // closed is not solved
        ["==", ["get", "ending"], "unsolved"], colour("--bad", "#b3261e"),
        colour("--muted", "#55606e"),
      ],
    },
  });
  const box = bounds(cases);
  if (box) map.fitBounds(box, { padding: 40, maxZoom: 15, animate: false });
  map.on("mouseenter", "cases", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "cases", () => (map.getCanvas().style.cursor = ""));
  map.on("click", "cases", ({ features, lngLat }: MapLayerMouseEvent) => {
    const found = features?.[0]?.properties;
    if (!found) return;
    const link = document.createElement("a");
    link.href = String(found.url);
    link.textContent = String(found.title);
    const state = document.createElement("p");
    state.textContent = String(found.state);
    const content = document.createElement("div");
    content.append(link, state);
    new maplibregl.Popup().setLngLat(lngLat).setDOMContent(content).addTo(map);
  });
  element.dataset.ready = "";
}

const button = document.querySelector<HTMLButtonElement>("[data-near]");
const form = button?.form;
if (button && form && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const [name, value] of [["lon", coords.longitude], ["lat", coords.latitude]] as const) {
          const field = form.elements.namedItem(name) as HTMLInputElement;
          field.disabled = false;
          field.value = value.toFixed(5);
        }
        form.submit();
      },
      () => {
        const said = form.querySelector("[data-said]");
        if (said) said.textContent = button.dataset.failed ?? "";
      },
      { enableHighAccuracy: true, timeout: 10_000 },
    ),
  );
}
