// Reporting in three taps: a photo, the category that was guessed, send. Words help the guess and may be left out.
import { type Category, ground, located } from "./day";
import { h, show } from "./dom";
import { guessed } from "./guess";
import { photos, placed } from "./parts";
import { type Spot, where } from "./place";
import { add, send } from "./queue";
import { write } from "./server";
import { keep, kept } from "./store";
import { speaking, t } from "./words";
import { voice } from "./voice";

const COMMON = 6;

export async function report(main: HTMLElement): Promise<void> {
  const held = await ground();
  const categories = held?.categories ?? [];
  let chosen = "";
  let spot: Spot | null = null;
  const pictures = photos(t("Take a photo"), "files", true);
  const spoken = voice();
  const words = h("textarea", { id: "words", rows: 2, placeholder: t("For example: rubbish beside the gate") });
  const kinds = h("div", { class: "choices", role: "group", "aria-label": t("What is it?") });
  const said = h("p", { role: "alert" });
  const at = h("p", { class: "hint", role: "status" }, t("Looking for the position …"));
  const offer = (found: Category[]): void => kinds.replaceChildren(...found.map((one) => choice(one)), other());
  const choice = (one: Category): HTMLElement =>
    h("button", { type: "button", class: "quiet big", "aria-pressed": String(one.code === chosen), onclick: () => ((chosen = chosen === one.code ? "" : one.code), offer(current())) }, speaking() === "en" ? one.en : one.zh);
  const other = (): HTMLElement => {
    const select = h("select", { "aria-label": t("Other kinds"), onchange: () => ((chosen = select.value), offer(current())) }, h("option", { value: "" }, t("Other kinds …")), categories.map((one) => h("option", { value: one.code }, speaking() === "en" ? one.en : one.zh)));
    select.value = chosen;
    return select;
  };
  const recent = (await kept<string[]>("recent")) ?? [];
  let likely: Category[] = [];
  const current = (): Category[] => {
    const known = [...likely, ...guessed(words.value, categories)];
    const usual = recent.map((code) => categories.find((one) => one.code === code)).filter((one): one is Category => !!one);
    const mine = categories.filter((one) => one.code === chosen);
    return [...new Set([...mine, ...known, ...usual, ...categories])].slice(0, COMMON);
  };
  words.addEventListener("input", () => ((likely = []), offer(current())));
  words.addEventListener("change", async () => {
    likely = await online(words.value, categories);
    offer(current());
  });
  offer(current());
  const form = h("form", {}, h("h1", {}, t("Report it")), pictures.element, h("label", { for: "words" }, t("A few words"), ` (${t("if you like")})`), words, kinds, spoken.element, at, said, h("button", { class: "big wide" }, t("Send")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kind = categories.find((one) => one.code === chosen);
    const files = [...pictures.taken(), ...spoken.taken()];
    const text = words.value.trim() || kind?.zh || (files.length ? t("See the photo") : "");
    if (!text) return void (said.textContent = t("A photo, a few words or a kind is needed."));
    spot ??= await where();
    await add({ path: "acts", kind: "report", label: `${t("Report it")}: ${text.slice(0, 40)}`, body: { kind: "report", words: text, category: chosen, spot }, files });
    if (chosen) await keep("recent", [chosen, ...recent.filter((code) => code !== chosen)].slice(0, COMMON));
    done(main);
    void send();
  });
  show(main, form);
  spot = await where();
  at.textContent = await lies(spot);
}

async function lies(spot: Spot | null): Promise<string> {
  const grid = spot && (await located())?.at(spot.lon, spot.lat);
  return `${placed(spot)}${grid ? ` · ${[...grid.properties.place.slice(-1), grid.properties.name].join(" · ")}` : spot ? ` · ${t("outside your grids")}` : ""}`;
}

// With a signal the centre's reader of texts is asked; without one its guess is left to the centre.
async function online(text: string, categories: Category[]): Promise<Category[]> {
  if (text.trim().length < 2 || !navigator.onLine) return [];
  const found = await write<{ code: string }[]>("guess", { text }).catch(() => []);
  return found.map(({ code }) => categories.find((one) => one.code === code)).filter((one): one is Category => !!one);
}

function done(main: HTMLElement): void {
  show(
    main,
    h("h1", { tabindex: -1 }, t("It is reported")),
    h("p", { class: "notice good", role: "status" }, t("It is kept on this phone and is sent as soon as there is a signal.")),
    h("p", {}, h("a", { class: "button big wide", href: "#/report", onclick: () => setTimeout(() => report(main)) }, t("Report another")), h("a", { class: "button quiet big wide", href: "#/" }, t("Back to the tasks"))),
  );
}
