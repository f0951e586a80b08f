// The screen: the heat map, the feed of what happens, and the wall that renews itself. Its charts are in the page.
import type { Map as Drawn } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import { feed } from "../screen/feed";
import { colour, draw } from "./map";

function points(): FeatureCollection {
  return JSON.parse(document.querySelector("#heat")?.textContent ?? "{}") as FeatureCollection;
}

let map: Drawn | undefined;

async function heat(points: FeatureCollection): Promise<void> {
  const element = document.querySelector<HTMLElement>("[data-heat]");
  if (!element) return;
  map = await draw(element, element.dataset.areas ?? "");
  const most = Math.max(1, ...points.features.map((one) => Number(one.properties?.n)));
  map.addSource("heat", { type: "geojson", data: points });
  map.addLayer({
    id: "heat",
    type: "heatmap",
    source: "heat",
    paint: {
      "heatmap-weight": ["/", ["get", "n"], most],
      "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 9, 10, 12, 28, 15, 60],
      "heatmap-opacity": 0.8,
      "heatmap-color": [
        "interpolate", ["linear"], ["heatmap-density"],
        0, "rgba(242,177,52,0)", 0.15, "rgba(242,177,52,0.25)", 0.5, "#f2b134", 1, colour("--bad", "#b3261e"),
      ],
    },
  });
  element.dataset.ready = "";
}

// The wall fetches itself anew: its numbers, charts and lists, while the feed goes on.
async function renew(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".tiles.big", ".tiles:not(.big)", ".days", ".waiting", "#heat"]) {
    const old = document.querySelector(part);
    const next = fresh.querySelector(part);
    if (old && next) old.replaceWith(document.importNode(next, true));
  }
  map?.getSource("heat") && (map.getSource("heat") as never as { setData(data: FeatureCollection): void }).setData(points());
}

heat(points()).catch(() => undefined); // without WebGL the map stays hidden; the tables say the same
feed();
const seconds = Number(document.querySelector<HTMLElement>("[data-renew]")?.dataset.renew ?? 0);
if (seconds) setInterval(() => void renew(), seconds * 1000);
document.addEventListener("click", (event) => {
  if ((event.target as Element).closest('[data-action="full"]')) void document.documentElement.requestFullscreen();
});
