// The small map of a grid's card: its outline among the streets, and the shapes that it had.
import type { GeoJSONSource } from "maplibre-gl";
import { bounds, colour, draw, fetched } from "./map";

const element = document.querySelector<HTMLElement>("[data-grid-card]");
if (element) show(element).catch(() => (element.hidden = true)); // words do as well

async function show(element: HTMLElement): Promise<void> {
  const map = await draw(element, element.dataset.gridCard ?? "");
  map.addSource("past", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "past", type: "line", source: "past", paint: { "line-color": colour("--bad", "#b3261e"), "line-width": 2, "line-dasharray": [2, 2] } });
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-shape]")) {
    link.hidden = false;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void fetched(link.href).then((shape) => {
        map.getSource<GeoJSONSource>("past")?.setData(shape);
        const box = bounds(shape);
        if (box) map.fitBounds(box, { padding: 24, animate: false });
        element.scrollIntoView({ block: "center" });
      });
    });
  }
  element.dataset.ready = "";
}
