// Rounds: points with their checklists, the way while one walks (and only then), and the visits to be made.
import { type Day, type Rounds, type Stop, day } from "./day";
import { h, show } from "./dom";
import { type Photos, photos, placed, time } from "./parts";
import { type Spot, far, lately, metres, thinned, watch, where } from "./place";
import { add, listed, send } from "./queue";
import { scanned } from "./scan";
import { get, put } from "./store";
import { t, titled } from "./words";
import { back } from "./parts";

interface Walk {
  id: string;
  began: string;
  passed: string[];
  expected: string[];
}
interface Step {
  at: number;
  lon: number;
  lat: number;
}

const EVERY = 60_000; // the way is put into the queue once a minute
let steps: Step[] = [];
let unwatch: (() => void) | undefined;
let ticking = 0;

const walk = (): Promise<Walk | undefined> => get<Walk | undefined>("walk").then((found) => found ?? undefined);

export async function rounds(main: HTMLElement): Promise<void> {
  const [held, now, queue] = [await day(), await walk(), await listed()];
  const known = held?.rounds;
  if (!known) return show(main, h("h1", {}, t("Rounds")), h("p", { class: "empty" }, t("There are no rounds or visits here.")));
  const made = new Set(queue.filter((one) => one.kind === "visit" && one.body.met !== false).map((one) => one.case));
  const due = known.stops.filter((one) => one.due);
  const visits = known.visits.filter((one) => !made.has(one.case));
  if (now) follow();
  show(
    main,
    h("h1", {}, t("Rounds and visits")),
    h(
      "section",
      { class: "card" },
      h("h2", {}, t("Round")),
      now
        ? [h("p", {}, t("Under way since {time}: {n} of {all} points.", { time: time(now.began), n: now.passed.length, all: now.expected.length })), h("a", { class: "button big wide", href: "#/round" }, t("Go on"))]
        : [h("p", {}, t("{n} of {all} points are due.", { n: due.length, all: known.stops.length })), h("p", { class: "hint" }, t("Your way is kept only while a round goes on.")), h("button", { class: "big wide", onclick: () => void begin(known).then(() => (location.hash = "#/round")) }, t("Begin a round"))],
    ),
    h("h2", {}, t("Visits"), " ", h("span", { class: "badge" }, visits.length)),
    visits.length
      ? h("ol", { class: "tasks" }, visits.map((one) => h("li", {}, h("a", { href: `#/visit/${one.case}` }, h("strong", {}, `${one.name} · ${titled(known.kinds[one.kind]?.title)}`), h("span", { class: "line" }, one.address), h("span", { class: "line facts" }, until(one.due), one.last ? h("span", { class: "hint" }, t("last visit {time}", { time: time(one.last) })) : null)))))
      : h("p", { class: "empty" }, t("No visits to make.")),
  );
}

function until(due: string): HTMLElement {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10); // days are Beijing's
  return due < today ? h("span", { class: "badge bad" }, t("overdue since {day}", { day: due })) : h("span", { class: "badge plain" }, t("by {day}", { day: due }));
}

async function begin(known: Rounds): Promise<void> {
  const now: Walk = { id: crypto.randomUUID(), began: new Date().toISOString(), passed: [], expected: known.stops.filter((one) => one.due).map((one) => one.key) };
  await put("walk", now);
  await add({ path: "acts", kind: "round_begin", label: t("Round begun"), body: { kind: "round_begin", round: now.id, spot: lately() } });
  void send();
}

// The way: watched while a round goes on, thinned, and put into the queue bit by bit.
function follow(): void {
  if (unwatch) return;
  unwatch = watch((spot) => {
    if ((spot.accuracy ?? 999) <= 100) steps.push({ at: Math.round(Date.now() / 1000), lon: spot.lon, lat: spot.lat });
  });
  ticking = window.setInterval(() => void kept(), EVERY);
}

async function kept(): Promise<void> {
  const now = await walk();
  if (!now || steps.length < 2) return;
  const track = thinned(steps).map(({ at, lon, lat }) => [at, lon, lat]);
  steps = steps.slice(-1); // the next part begins where this one ends
  await add({ path: "acts", kind: "round_track", label: t("Way of the round"), body: { kind: "round_track", round: now.id, track } });
}

export async function round(main: HTMLElement): Promise<void> {
  const [held, now] = [await day(), await walk()];
  const known = held?.rounds;
  if (!known || !now) return rounds(main);
  follow();
  const spot = lately();
  const passed = new Set(now.passed);
  const order = (one: Stop): number => (passed.has(one.key) ? 1e9 : 0) + (spot ? metres(spot, one) : 0);
  const stops = known.stops.filter((one) => now.expected.includes(one.key) || passed.has(one.key)).sort((a, b) => order(a) - order(b));
  const left = now.expected.filter((key) => !passed.has(key)).length;
  const words = h("textarea", { id: "ending", rows: 2 });
  show(
    main,
    back("#/rounds", t("Rounds")),
    h("h1", {}, t("Round under way")),
    h("p", { class: "hint", role: "status" }, placed(spot)),
    h("ol", { class: "tasks" }, stops.map((one) => card(one, spot, passed.has(one.key)))),
    h("button", { class: "quiet big wide", onclick: () => void byCode(main, known) }, t("Scan a point's code")),
    h("details", { class: "card" }, h("summary", {}, t("End the round")), left ? h("p", { class: "notice warn" }, t("{n} points have not been passed: it will be seen.", { n: left })) : null, h("label", { for: "ending" }, t("A few words"), ` (${t("if you like")})`), words, h("button", { class: "big wide", onclick: () => void end(now, words.value) }, t("End the round"))),
  );
}

function card(one: Stop, spot: Spot | null, passed: boolean): HTMLElement {
  return h("li", {}, h("a", { href: `#/stop/${one.key}` }, h("strong", {}, one.name), h("span", { class: "line facts" }, spot ? h("span", { class: "badge plain" }, far(metres(spot, one))) : null, passed ? h("span", { class: "badge good" }, t("Passed")) : null)));
}

async function end(now: Walk, words: string): Promise<void> {
  await kept();
  unwatch?.();
  unwatch = undefined;
  clearInterval(ticking);
  steps = [];
  await add({ path: "acts", kind: "round_end", label: t("Round ended"), body: { kind: "round_end", round: now.id, words } });
  await put("walk", null);
  location.hash = "#/rounds";
  void send();
}

// Finds the point by its code, whatever one has chosen before.
async function byCode(main: HTMLElement, known: Rounds): Promise<void> {
  const found = await scanned();
  if (!found) return;
  const stop = await matching(known.stops, found.text);
  if (!stop) return void main.querySelector("h1")?.after(h("p", { class: "notice bad", role: "alert" }, t("No point here has this code.")));
  sessionStorage.setItem(`code ${stop.key}`, JSON.stringify(found));
  location.hash = `#/stop/${stop.key}`;
}

// A code is known here only by its mark: enough to say that it fits, not enough to make it up.
async function matching(stops: Stop[], text: string): Promise<Stop | undefined> {
  const word = text.trim().toUpperCase().split(":").pop() ?? "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`SZP:${word}`));
  const mark = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
  return stops.find((one) => one.mark === mark);
}

export async function stop(main: HTMLElement, key: string): Promise<void> {
  const [held, now] = [(await day()) as Day | undefined, await walk()];
  const known = held?.rounds;
  const one = known?.stops.find((each) => each.key === key);
  if (!known || !one || !now) return rounds(main);
  const list = known.checklists[one.checklist];
  let code = JSON.parse(sessionStorage.getItem(`code ${key}`) ?? "null") as { text: string; by: "qr" | "code" } | null;
  const said = h("p", { role: "status" }, code ? t("The code fits.") : t("No code yet."));
  const scan = h("button", { type: "button", class: "quiet big wide" }, t("Scan or type the code"));
  scan.addEventListener("click", async () => {
    const found = await scanned();
    if (!found) return;
    code = (await matching([one], found.text)) ? found : null;
    said.textContent = code ? t("The code fits.") : t("This is not the code of this point.");
  });
  const items = (list?.items ?? []).map((item) => ({ key: item.key, ...choice(item.key, titled(item.title)) }));
  const pictures = photos(t("Photos of the whole point"));
  const words = h("textarea", { id: "found", rows: 2 });
  const box = h("input", { type: "checkbox", checked: true });
  const reporting = h("label", { class: "check", hidden: true }, box, ` ${t("Report what is not in order: each becomes a case")}`);
  const wrong = (): boolean => items.some((item) => item.value() === false);
  const changed = (): void => {
    reporting.hidden = !wrong();
    for (const item of items) item.shots.element.hidden = item.value() !== false;
  };
  const form = h("form", { onchange: changed }, scan, said, h("h2", {}, titled(list?.title)), h("p", { class: "hint" }, list?.basis ?? ""), items.map(({ element }) => element), reporting, h("label", { for: "found" }, t("What was found"), ` (${t("if you like")})`), words, pictures.element, h("p", { class: "hint" }, t("These show the whole point, and go along with each case.")), h("button", { class: "big wide" }, t("I stand here")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const spot = await where(5_000, 5_000);
    const answers = Object.fromEntries(items.map((item) => [item.key, item.value()]).filter(([, value]) => value !== null));
    const files = [...pictures.taken(), ...items.filter((item) => item.value() === false).flatMap((item) => item.shots.taken())];
    await add({ path: "acts", kind: "round_point", label: `${t("Point")}: ${one.name}`, body: { kind: "round_point", round: now.id, point: key, by: code?.by ?? "hand", code: code?.text ?? "", answers, report: wrong() && box.checked, words: words.value.trim(), spot }, files });
    await put("walk", { ...now, passed: [...new Set([...now.passed, key])] });
    sessionStorage.removeItem(`code ${key}`);
    location.hash = "#/round";
    void send();
  });
  show(main, back("#/round", t("Round under way")), h("h1", {}, one.name), form);
}

// A line of the checklist; what is not in order has photos of its own, which go with its case.
function choice(name: string, title: string): { element: HTMLElement; value: () => boolean | null; shots: Photos } {
  const radio = (value: string, text: string): HTMLElement => h("label", { class: "check" }, h("input", { type: "radio", name: `item-${name}`, value }), ` ${text}`);
  const shots = photos(t("Photos of this"), `item:${name}`);
  shots.element.hidden = true;
  shots.element.dataset.item = name;
  const element = h("fieldset", {}, h("legend", {}, title), h("div", { class: "pair" }, radio("yes", t("In order")), radio("no", t("Not in order"))), shots.element);
  return {
    element,
    shots,
    value: () => {
      const chosen = element.querySelector<HTMLInputElement>("input:checked")?.value;
      return chosen ? chosen === "yes" : null;
    },
  };
}
