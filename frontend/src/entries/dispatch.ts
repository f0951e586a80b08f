// The dispatcher's page: people and tasks on a map, the lists renewed as things change, a task dragged to a person.
import type { GeoJSONSource, Map as Drawn, MapLayerMouseEvent } from "maplibre-gl";
import { colour, draw, fetched, maplibregl } from "./map";

const MINUTE = 60_000;
const GATHER = 1_500;
const element = document.querySelector<HTMLElement>("[data-dispatch-map]");
let map: Drawn | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

// Whoever is choosing, typing or dragging is not disturbed.
const busy = (): boolean =>
  document.querySelector("[data-renewed] details[open], [data-renewed] .dragging") !== null ||
  document.activeElement?.matches("[data-renewed] :is(input, select, button)") === true;

async function renew(): Promise<void> {
  clearTimeout(timer);
  timer = setTimeout(() => void renew(), MINUTE);
  const head = document.querySelector<HTMLElement>("[data-renew]");
  const lists = document.querySelector("[data-renewed]");
  if (!head || !lists || document.hidden || busy()) return;
  const answer = await fetch(head.dataset.renew ?? location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || busy()) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of ["[data-renewed]", '[data-renew] [role="status"]']) {
    const fresh = page.querySelector(name);
    if (fresh) document.querySelector(name)?.replaceWith(document.importNode(fresh, true));
  }
  await points();
}

async function points(): Promise<void> {
  if (!map || !element) return;
  const found = await fetched(element.dataset.dispatchMap ?? "").catch(() => null);
  if (found) map.getSource<GeoJSONSource>("dispatch")?.setData(found);
}

async function show(element: HTMLElement): Promise<void> {
  map = await draw(element, element.dataset.areas ?? "");
  map.addSource("dispatch", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  const paper = colour("--paper", "#ffffff");
  const is = (...kinds: string[]): never => ["in", ["get", "kind"], ["literal", kinds]] as never;
  map.addLayer({
    id: "tasks",
    type: "circle",
    source: "dispatch",
    filter: ["!", is("person", "idle")],
    paint: {
      "circle-radius": ["case", ["==", ["get", "pressing"], 1], 9, 6],
      "circle-color": ["match", ["get", "kind"], ["left", "proposed"], colour("--bad", "#b3261e"), "working", colour("--muted", "#5b6673"), colour("--main", "#0b5cad")],
      "circle-stroke-width": 1.5,
      "circle-stroke-color": paper,
    },
  });
  // people are squares turned on their corner, so that shape, not only colour, tells them from tasks
  map.addImage("person", diamond(colour("--good", "#1b6e3c"), paper));
  map.addImage("stale", diamond(colour("--warn", "#8a5a00"), paper));
  map.addLayer({
    id: "people",
    type: "symbol",
    source: "dispatch",
    filter: is("person", "idle"),
    layout: { "icon-image": ["case", ["==", ["get", "stale"], 1], "stale", "person"], "icon-allow-overlap": true },
  });
  for (const layer of ["tasks", "people"]) {
    map.on("click", layer, opened);
    map.on("mouseenter", layer, () => map && (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => map && (map.getCanvas().style.cursor = ""));
  }
  await points();
  element.dataset.ready = "";
}

function diamond(fill: string, edge: string): ImageData {
  const size = 22;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(size, size);
  pen.translate(size / 2, size / 2);
  pen.rotate(Math.PI / 4);
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.lineWidth = 2;
  pen.fillRect(-6.5, -6.5, 13, 13);
  pen.strokeRect(-6.5, -6.5, 13, 13);
  return pen.getImageData(0, 0, size, size);
}

function opened({ features, lngLat }: MapLayerMouseEvent): void {
  const found = features?.[0]?.properties;
  if (!found || !map) return;
  const content = document.createElement("div");
  const link = Object.assign(document.createElement("a"), { href: String(found.url), textContent: String(found.name) });
  const said = Object.assign(document.createElement("p"), { textContent: String(found.said ?? "") });
  content.append(link, said);
  new maplibregl.Popup().setLngLat(lngLat).setDOMContent(content).addTo(map);
}

// A task dragged onto a person is given to him: by the form that is there for those who do not drag.
function dragging(): void {
  let held: HTMLElement | null = null;
  const over = (event: Event): HTMLElement | null => (event.target as HTMLElement).closest<HTMLElement>("[data-person]");
  document.addEventListener("dragstart", (event) => {
    held = (event.target as HTMLElement).closest<HTMLElement>("[data-task]");
    if (!held || !event.dataTransfer) return;
    event.dataTransfer.setData("text/plain", held.dataset.task ?? "");
    event.dataTransfer.effectAllowed = "move";
    held.classList.add("dragging");
  });
  document.addEventListener("dragover", (event) => {
    if (held && over(event)) event.preventDefault();
    document.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    if (held) over(event)?.classList.add("over");
  });
  document.addEventListener("dragend", () => {
    document.querySelectorAll(".over, .dragging").forEach((one) => one.classList.remove("over", "dragging"));
    held = null;
  });
  document.addEventListener("drop", (event) => {
    const person = over(event)?.dataset.person;
    const form = held?.querySelector<HTMLFormElement>("form.change");
    const choice = form?.querySelector<HTMLSelectElement>('select[name="account"]');
    const give = form?.querySelector<HTMLButtonElement>('button[value="give"]');
    if (!person || !form || !choice || !give) return;
    event.preventDefault();
    choice.value = person;
    form.requestSubmit(give);
  });
}

if (element)
  show(element).catch(() => {
    element.hidden = true; // the lists say the same
  });
dragging();
timer = setTimeout(() => void renew(), MINUTE);
let soon: ReturnType<typeof setTimeout> | undefined;
document.addEventListener("told", () => {
  clearTimeout(soon);
  soon = setTimeout(() => void renew(), GATHER);
});
