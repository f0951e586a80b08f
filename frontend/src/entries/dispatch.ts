// The dispatcher's page: people and tasks on a map, the lists renewed as things change, a task dragged to a person.
import type { GeoJSONSource, Map as Drawn, MapLayerMouseEvent } from "maplibre-gl";
import { bounds, colour, draw, fetched, maplibregl } from "./map";

const MINUTE = 60_000;
const OFTEN = 15_000; // where people are stands in no journal: nobody tells us that somebody has moved
const GATHER = 1_500;
const element = document.querySelector<HTMLElement>("[data-dispatch-map]");
let map: Drawn | null = null;
let framed = false;
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
  const undo = document.querySelector<HTMLFormElement>("[data-undo]");
  const meant = undo?.querySelector<HTMLInputElement>("[name=case]")?.value ?? "";
  if (undo && !document.querySelector(`[data-task="${CSS.escape(meant)}"]`)) undo.remove(); // it has gone on: nothing is left to undo
  await points();
}

async function points(): Promise<void> {
  if (!map || !element) return;
  const found = await fetched(element.dataset.dispatchMap ?? "").catch(() => null);
  if (!found) return;
  for (const { properties } of found.features) if (properties && named(properties)) properties.icon = sign(properties);
  map.getSource<GeoJSONSource>("dispatch")?.setData(found);
  element.dataset.shown = JSON.stringify(counted(found.features.map((one) => String(one.properties?.kind))));
  const box = framed ? null : bounds(found);
  if (box) map.fitBounds(box, { padding: 48, maxZoom: 16, animate: false });
  framed ||= box !== null; // afterwards the map stays where the dispatcher has moved it
}

const named = ({ kind }: Record<string, unknown>): boolean => kind === "person" || kind === "idle";
const counted = (kinds: string[]): Record<string, number> => Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((one) => one === kind).length]));

// Somebody as a square turned on its corner, so that shape, not only colour, tells people from tasks, with his name.
function sign({ account, name, stale }: Record<string, unknown>): string {
  const id = `person-${String(account)}-${String(stale)}`;
  if (map && !map.hasImage(id)) map.addImage(id, drawn(String(name), Number(stale) === 1), { pixelRatio: 2 });
  return id;
}

async function show(element: HTMLElement): Promise<void> {
  map = await draw(element, element.dataset.areas ?? "");
  map.addSource("dispatch", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  const paper = colour("--paper", "#ffffff");
  const is = (...kinds: string[]): never => ["in", ["get", "kind"], ["literal", kinds]] as never;
  map.addLayer({
    id: "routes",
    type: "line",
    source: "dispatch",
    filter: is("route"),
    paint: { "line-color": colour("--good", "#1b6e3c"), "line-width": 2, "line-dasharray": [2, 1.5] },
  });
  map.addLayer({
    id: "tasks",
    type: "circle",
    source: "dispatch",
    filter: ["!", is("person", "idle", "route")],
    paint: {
      "circle-radius": ["case", ["==", ["get", "pressing"], 1], 9, 6],
      "circle-color": ["match", ["get", "kind"], ["left", "proposed"], colour("--bad", "#b3261e"), "working", colour("--muted", "#5b6673"), colour("--main", "#0b5cad")],
      "circle-stroke-width": 1.5,
      "circle-stroke-color": paper,
    },
  });
  map.addLayer({
    id: "people",
    type: "symbol",
    source: "dispatch",
    filter: is("person", "idle"),
    layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true, "icon-ignore-placement": true },
  });
  for (const layer of ["tasks", "people"]) {
    map.on("click", layer, opened);
    map.on("mouseenter", layer, () => map && (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => map && (map.getCanvas().style.cursor = ""));
  }
  await points();
  element.dataset.ready = "";
  for (const one of document.querySelectorAll<HTMLElement>("[data-legend]")) one.hidden = false;
  setInterval(() => document.hidden || void points(), OFTEN);
}

function drawn(name: string, stale: boolean): ImageData {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(1, 1);
  const font = `600 24px ${getComputedStyle(document.body).fontFamily}`;
  pen.font = font;
  const wide = Math.ceil(pen.measureText(name).width);
  [canvas.width, canvas.height] = [2 * (wide + 28) + 16, 40]; // as much on both sides: the square is the place
  const middle = canvas.width / 2;
  pen.font = font;
  pen.lineWidth = 4;
  pen.strokeStyle = colour("--paper", "#ffffff");
  pen.fillStyle = stale ? colour("--warn", "#8a5a00") : colour("--good", "#1b6e3c");
  pen.beginPath();
  for (const [x, y] of [[0, -16], [16, 0], [0, 16], [-16, 0]] as const) pen.lineTo(middle + x, 20 + y);
  pen.closePath();
  pen.stroke();
  pen.fill();
  pen.textBaseline = "middle";
  pen.strokeText(name, middle + 22, 21);
  pen.fillStyle = colour("--ink", "#1c2430");
  pen.fillText(name, middle + 22, 21);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
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
