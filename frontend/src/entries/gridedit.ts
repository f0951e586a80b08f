// The map of a redrawing: it shows the grids of a draft and puts what one draws into the forms below it.
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as Drawn, MapLayerMouseEvent, MapMouseEvent, MapTouchEvent } from "maplibre-gl";
import { inView, rings, snapped, type Spot } from "../grids/snap";
import { bounds, colour, draw, fetched } from "./map";

interface Shapes {
  grids: FeatureCollection;
  around: FeatureCollection;
  faults: FeatureCollection;
}
type Tool = "choose" | "split" | "reassign" | "draw" | "move";

const root = document.querySelector<HTMLElement>("[data-grid-editor]");
const element = root?.querySelector<HTMLElement>(".map");
const said = root?.querySelector<HTMLElement>("[data-said]");
if (root && element)
  show(root, element).catch(() => {
    element.hidden = true;
    if (said) said.textContent = said.dataset.failed ?? "";
  });

async function show(root: HTMLElement, element: HTMLElement): Promise<void> {
  const [map, shapes] = await Promise.all([
    draw(element, root.dataset.areas ?? ""),
    fetched(root.dataset.gridEditor ?? "") as unknown as Promise<Shapes>,
  ]);
  for (const name of ["around", "grids", "faults"] as const) map.addSource(name, { type: "geojson", data: shapes[name] });
  map.addSource("line", { type: "geojson", data: empty() });
  layers(map);
  look(map, root, shapes);
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-to]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const [lon, lat] = (button.dataset.to ?? "").split(",").map(Number) as Spot;
      map.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 17) });
      element.scrollIntoView({ block: "center" });
    });
  }
  if (root.dataset.open) new Editor(root, map, rings([shapes.grids, shapes.around]));
  element.dataset.ready = "";
}

const empty = (): FeatureCollection => ({ type: "FeatureCollection", features: [] });

// Where one looked before the last step, else the whole community.
function look(map: Drawn, root: HTMLElement, shapes: Shapes): void {
  const key = `grids-view-${root.dataset.draft}`;
  const kept = sessionStorage.getItem(key);
  const box = bounds(shapes.grids.features.length ? shapes.grids : shapes.around);
  if (kept) map.jumpTo(JSON.parse(kept) as { center: Spot; zoom: number });
  else if (box) map.fitBounds(box, { padding: 32, animate: false });
  map.on("moveend", () => sessionStorage.setItem(key, JSON.stringify({ center: map.getCenter().toArray(), zoom: map.getZoom() })));
}

function layers(map: Drawn): void {
  const main = colour("--main", "#0b5cad");
  const chosen = ["case", ["boolean", ["get", "chosen"], false], 0.45, ["==", ["get", "changed"], 1], 0.22, 0.08] as never;
  map.addLayer({ id: "around", type: "line", source: "around", paint: { "line-color": colour("--field", "#7b8794"), "line-width": 1 } });
  map.addLayer({ id: "grids", type: "fill", source: "grids", paint: { "fill-color": main, "fill-opacity": chosen } });
  map.addLayer({ id: "borders", type: "line", source: "grids", paint: { "line-color": main, "line-width": 2 } });
  map.addLayer({
    id: "corners",
    type: "circle",
    source: "grids",
    minzoom: 13,
    layout: { visibility: "none" },
    paint: { "circle-radius": 5, "circle-color": colour("--paper", "#fff"), "circle-stroke-color": main, "circle-stroke-width": 2 },
  });
  map.addLayer({ id: "line", type: "line", source: "line", paint: { "line-color": colour("--bad", "#b3261e"), "line-width": 3 } });
  map.addLayer({ id: "points", type: "circle", source: "line", paint: { "circle-radius": 5, "circle-color": colour("--bad", "#b3261e") } });
  map.addLayer({
    id: "faults",
    type: "circle",
    source: "faults",
    paint: { "circle-radius": 9, "circle-color": colour("--bad", "#b3261e"), "circle-opacity": 0.35, "circle-stroke-color": colour("--bad", "#b3261e"), "circle-stroke-width": 2 },
  });
}

class Editor {
  private tool: Tool = "choose";
  private spots: Spot[] = [];
  private held: Spot | null = null;
  private chosen = new Set<string>();
  private finish = this.button("[data-finish]");
  private back = this.button("[data-back]");

  constructor(
    private root: HTMLElement,
    private map: Drawn,
    private lines: Spot[][],
  ) {
    const tools = root.querySelector<HTMLElement>(".tools");
    if (tools) tools.hidden = false;
    for (const one of root.querySelectorAll<HTMLButtonElement>("[data-tool]"))
      one.addEventListener("click", () => this.take(one.dataset.tool as Tool));
    this.finish?.addEventListener("click", () => this.finished());
    this.back?.addEventListener("click", () => this.shorter());
    map.on("click", (event: MapMouseEvent) => this.clicked(event));
    map.on("mousemove", (event: MapMouseEvent) => this.moved(event));
    for (const name of ["mousedown", "touchstart"] as const) map.on(name, (event: MapMouseEvent | MapTouchEvent) => this.grabbed(event));
    map.on("touchmove", (event: MapTouchEvent) => this.moved(event));
    for (const name of ["mouseup", "touchend"] as const) map.on(name, (event: MapMouseEvent | MapTouchEvent) => this.dropped(event));
    map.on("click", "grids", (event: MapLayerMouseEvent) => this.choose(event));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.finished();
      if (event.key === "Escape") this.take("choose");
    });
    this.take("choose");
  }

  private button(name: string): HTMLButtonElement | null {
    return this.root.querySelector<HTMLButtonElement>(name);
  }

  private say(name: string): void {
    if (said) said.textContent = said.dataset[name] ?? "";
  }

  private take(tool: Tool): void {
    this.tool = tool;
    this.spots = [];
    for (const one of this.root.querySelectorAll<HTMLElement>("[data-tool]")) one.setAttribute("aria-pressed", String(one.dataset.tool === tool));
    this.map.setLayoutProperty("corners", "visibility", tool === "move" ? "visible" : "none");
    this.map.getCanvas().style.cursor = tool === "choose" ? "" : "crosshair";
    this.say(tool);
    this.redraw();
  }

  private at({ lngLat }: { lngLat: { lng: number; lat: number } }): Spot {
    const box = this.map.getBounds();
    const near = inView(this.lines, [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]);
    return snapped([lngLat.lng, lngLat.lat], near, (spot) => this.map.project(spot));
  }

  private get drawing(): boolean {
    return this.tool === "split" || this.tool === "reassign" || this.tool === "draw";
  }

  private clicked(event: MapMouseEvent): void {
    if (!this.drawing) return;
    this.spots.push(this.at(event));
    this.redraw();
  }

  private shorter(): void {
    this.spots.pop();
    this.redraw();
  }

  private moved(event: MapMouseEvent | MapTouchEvent): void {
    if (this.held) this.redraw([this.held, this.at(event)]);
    else if (this.drawing && this.spots.length) this.redraw([...this.spots, this.at(event)]);
  }

  private grabbed(event: MapMouseEvent | MapTouchEvent): void {
    if (this.tool !== "move") return;
    const spot = this.at(event);
    const near = this.map.project(spot);
    if (Math.hypot(near.x - event.point.x, near.y - event.point.y) > 12) return;
    event.preventDefault(); // the map stays where it is
    this.held = spot;
  }

  private dropped(event: MapMouseEvent | MapTouchEvent): void {
    const from = this.held;
    if (!from) return;
    this.held = null;
    const to = this.at(event);
    this.redraw();
    if (to[0] === from[0] && to[1] === from[1]) return;
    this.fill("move", { at: written(from), to: written(to) })?.requestSubmit();
  }

  private choose(event: MapLayerMouseEvent): void {
    if (this.tool !== "choose") return;
    const code = String(event.features?.[0]?.properties?.code ?? "");
    if (!this.chosen.delete(code)) this.chosen.add(code);
    for (const box of document.querySelectorAll<HTMLInputElement>('input[name="merge-grids"]')) box.checked = this.chosen.has(box.value);
    const last = this.chosen.has(code) ? code : "";
    for (const name of ["split-grid", "reassign-grid", "rename-grid", "close-grid"]) {
      const field = document.querySelector<HTMLSelectElement>(`select[name="${name}"]`);
      if (field && last) field.value = last;
    }
    const source = this.map.getSource<GeoJSONSource>("grids");
    void source?.getData().then((data) => {
      const grids = data as FeatureCollection;
      for (const one of grids.features) if (one.properties) one.properties.chosen = this.chosen.has(String(one.properties.code));
      source.setData(grids);
    });
  }

  private finished(): void {
    const name = this.tool === "draw" ? "ring" : "line";
    if (!this.drawing || this.spots.length < (name === "ring" ? 3 : 2)) return;
    const form = this.fill(this.tool, { [name]: this.spots.map(written).join("\n") });
    this.say("ready");
    form?.querySelector<HTMLElement>("select, input:not([type=hidden]), textarea")?.focus();
    form?.scrollIntoView({ block: "center" });
  }

  // Puts values into the form of a step, and opens it.
  private fill(step: string, values: Record<string, string>): HTMLFormElement | null {
    const details = document.querySelector<HTMLDetailsElement>(`[data-step="${step}"]`);
    const form = details?.querySelector("form") ?? null;
    if (details) details.open = true;
    for (const [name, value] of Object.entries(values)) {
      const field = form?.elements.namedItem(`${step}-${name}`) as HTMLInputElement | null;
      if (field) field.value = value;
    }
    return form;
  }

  private redraw(spots = this.spots): void {
    if (this.finish) this.finish.disabled = this.spots.length < 2;
    if (this.back) this.back.disabled = !this.spots.length;
    const line = spots.length > 1 ? [{ type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: spots } }] : [];
    const points = spots.map((one) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: one } }));
    this.map.getSource<GeoJSONSource>("line")?.setData({ type: "FeatureCollection", features: [...line, ...points] });
  }
}

const written = ([lon, lat]: Spot): string => `${lon}, ${lat}`;
