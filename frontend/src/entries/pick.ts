// Choosing a place on the map: a tap puts it into the fields `lon` and `lat` of the form around the map.
import type { MapMouseEvent, Marker } from "maplibre-gl";
import { colour, draw, maplibregl } from "./map";

const element = document.querySelector<HTMLElement>("[data-pick]");
const form = element?.closest("form");
if (element && form) pick(element, form).catch(() => (element.hidden = true)); // words do as well

// The community that was tapped: the map has no names of streets, so that one sees whether it is the right one.
function named(found: Record<string, unknown> | undefined): string {
  const english = document.documentElement.lang === "en" && found?.name_en;
  return String((english ? found?.name_en : found?.name) ?? "");
}

async function pick(element: HTMLElement, form: HTMLFormElement): Promise<void> {
  const [lon, lat] = ["lon", "lat"].map((name) => form.elements.namedItem(name) as HTMLInputElement) as [HTMLInputElement, HTMLInputElement];
  const map = await draw(element, element.dataset.areas ?? "");
  let marker: Marker | undefined;
  const mark = (): void => {
    if (!lon.value || !lat.value) return;
    marker ??= new maplibregl.Marker({ color: colour("--main", "#0b5cad") }).setLngLat([Number(lon.value), Number(lat.value)]).addTo(map);
    marker.setLngLat([Number(lon.value), Number(lat.value)]);
  };
  const move = (): void => {
    mark();
    if (lon.value && lat.value) map.jumpTo({ center: [Number(lon.value), Number(lat.value)], zoom: 15 });
  };
  move();
  lat.addEventListener("change", move); // set by the button that asks for one's position
  map.on("click", ({ lngLat, point }: MapMouseEvent) => {
    lon.value = lngLat.lng.toFixed(6);
    lat.value = lngLat.lat.toFixed(6);
    mark();
    const said = form.querySelector("[data-located]");
    if (said) said.textContent = [element.dataset.said, named(map.queryRenderedFeatures(point, { layers: ["areas"] })[0]?.properties)].filter(Boolean).join(" ");
  });
  element.dataset.ready = "";
}
