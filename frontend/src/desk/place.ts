// The map of one case, fetched only when somebody asks for it: the case, and the open cases around it.
export function place(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-show-map]");
    const element = document.querySelector<HTMLElement>("[data-place]");
    if (!button || !element) return;
    button.hidden = true;
    void show(element).catch(() => (element.hidden = true));
  });
}

async function show(element: HTMLElement): Promise<void> {
  const { colour, draw, fetched, maplibregl } = await import("../entries/map");
  const at = (text = ""): [number, number] => text.split(",").map(Number) as [number, number];
  const map = await draw(element, element.dataset.areas ?? "");
  const [lon, lat] = at(element.dataset.place);
  const grids = await fetched(`${element.dataset.grids}?box=${lon - 0.02},${lat - 0.02},${lon + 0.02},${lat + 0.02}`);
  map.addSource("grids", { type: "geojson", data: grids });
  map.addLayer({ id: "grids", type: "line", source: "grids", paint: { "line-color": colour("--field", "#7b8794"), "line-width": 1 } });
  for (const one of document.querySelectorAll<HTMLElement>("[data-near]"))
    new maplibregl.Marker({ color: colour("--field", "#7b8794"), scale: 0.7 }).setLngLat(at(one.dataset.near)).addTo(map);
  new maplibregl.Marker({ color: colour("--bad", "#b3261e") }).setLngLat([lon, lat]).addTo(map);
  map.jumpTo({ center: [lon, lat], zoom: 14.5 });
  element.dataset.ready = "";
}
