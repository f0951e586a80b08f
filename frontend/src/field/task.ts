// One task: photos before, people's words, arriving, and the moves that may be made, each with its form.
import { type Doing, type FieldSpec, type Move, photo, tasks } from "./day";
import { dialog, h, icon, show } from "./dom";
import { agreed, back, clock, photos, placed, time } from "./parts";
import { far, lately, metres, where } from "./place";
import { add, send } from "./queue";
import { Away, Refused, write } from "./server";
import { t, titled } from "./words";
import { voice } from "./voice";

const FAR = 500;

export async function task(main: HTMLElement, id: string): Promise<void> {
  const one = (await tasks(lately())).find((found) => found.id === id);
  if (!one) return void show(main, back("#/", t("Tasks")), h("p", { class: "empty" }, t("This task is not on this phone any more.")));
  show(
    main,
    back("#/", t("Tasks")),
    h("h1", {}, one.title),
    h("p", { class: "facts" }, h("span", { class: "badge" }, titled(one.state_title)), " ", clock(one.due_at), " ", one.urgency === "normal" ? null : h("span", { class: "badge bad" }, t("Urgent"))),
    waits(one),
    facts(one),
    words(one),
    await before(one),
    arriving(one),
    h("section", { "aria-label": t("What to do") }, h("h2", {}, t("What to do")), one.moves.length ? one.moves.map((move) => offer(one, move)) : h("p", { class: "hint" }, t("Nothing more to do here.")), noting(one)),
  );
}

function waits(one: Doing): HTMLElement | null {
  const wrong = one.pending.some((entry) => entry.state !== "waiting");
  if (!one.pending.length) return null;
  const text = wrong ? t("Something about this task needs your decision.") : t("{n} actions about this task wait to be sent.", { n: one.pending.length });
  return h("p", { class: `notice ${wrong ? "bad" : "warn"}` }, h("a", { href: "#/waiting" }, text));
}

function facts(one: Doing): HTMLElement {
  const rows: [string, string | HTMLElement | null][] = [
    [t("Number"), one.number],
    [t("Type"), titled(one.type_title)],
    [t("Address"), one.address || one.place.join(" · ")],
    [t("Distance"), one.away === null ? null : far(one.away)],
    [t("Came in"), time(one.opened_at)],
    [t("Agreed with the resident"), one.agreed ? agreed(one.agreed) : null],
    [t("Expected there"), one.arrival ? time(one.arrival) : null],
    [t("Why you"), one.why || null],
  ];
  return h("dl", { class: "card" }, rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function words(one: Doing): HTMLElement {
  const people = one.contacts.map((who) => h("p", {}, `${who.name} ${who.phone} `));
  const look = one.contacts.length && one.looks ? h("button", { type: "button", class: "quiet", onclick: () => unmask(one) }, t("Show the phone number")) : null;
  return h("section", { class: "card" }, h("h2", {}, t("In their words")), h("p", { class: "words" }, one.text), people, look);
}

// A look at somebody's number: only with a signal, for a reason, and written down.
function unmask(one: Doing): void {
  const reason = h("input", { id: "why", required: true, minlength: 2, value: t("To arrange the visit on the spot") });
  const said = h("p", { role: "status" });
  const form = h("form", { method: "dialog" }, h("label", { for: "why" }, t("Why do you need the contact?")), reason, h("p", { class: "hint" }, t("Your look and its reason are written down.")), said, h("button", { class: "big" }, t("Show")), h("button", { type: "button", class: "quiet", onclick: () => box.close() }, t("Close")));
  const box = dialog(t("Phone number"), form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const found = await write<{ name: string; phone: string }[]>(`/api/v1/cases/${one.id}/contacts`, { reason: reason.value });
      said.replaceChildren(...found.map((who) => h("a", { href: `tel:${who.phone}`, class: "button big" }, icon("phone"), `${who.name} ${who.phone}`)));
    } catch (error) {
      said.textContent = error instanceof Away ? t("This needs a signal.") : error instanceof Refused ? error.said.message : t("That did not work");
    }
  });
}

async function before(one: Doing): Promise<HTMLElement | null> {
  const pictures = await Promise.all(one.photos.map(async (each) => ({ each, address: await photo(each.id) })));
  const shown = pictures.filter(({ address }) => address);
  if (!shown.length) return null;
  const kinds: Record<string, string> = { before: t("Before"), after: t("After"), other: t("Photo") };
  return h("section", { class: "photos", "aria-label": t("Photos") }, shown.map(({ each, address }) => h("figure", {}, h("img", { src: address, alt: kinds[each.kind] ?? each.name }), h("figcaption", {}, kinds[each.kind] ?? ""))));
}

// Arriving: place, time and a photo if one likes, and an honest word about how exact the place is.
function arriving(one: Doing): HTMLElement {
  const said = h("p", { role: "status" });
  const pictures = photos(t("Photo of arrival"));
  const button = h("button", { type: "button", class: "big" }, t("I have arrived"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = t("Looking for the position …");
    const spot = await where(1_000); // where he stands now, not where he was on the way
    await add({ path: "acts", kind: "check_in", case: one.id, label: `${t("Arrived")}: ${one.title}`, body: { kind: "check_in", case: one.id, spot }, files: pictures.taken() });
    const away = spot && one.lon !== null && one.lat !== null ? metres(spot, { lon: one.lon, lat: one.lat }) : null;
    said.className = away !== null && away > FAR ? "notice warn" : "notice good";
    said.textContent = `${t("Arrival noted.")} ${placed(spot)}${away === null ? "" : ` · ${away > FAR ? t("You are about {far} from the place of the task: is this the right place?", { far: far(away) }) : t("about {far} from the place", { far: far(away) })}`}`;
    button.disabled = false;
    void send();
  });
  return h("details", { class: "card" }, h("summary", {}, t("Arrival")), pictures.element, button, said);
}

function offer(one: Doing, move: Move): HTMLElement {
  const parts: { name: string; value: () => unknown }[] = [];
  const said = h("p", { role: "alert" });
  const pictures = [...new Set([...move.needs, ...move.takes])].filter((name) => name === "photo_after" || name === "files");
  if (!pictures.length) pictures.push("files");
  const taken = pictures.map((name) => photos(name === "photo_after" ? t("Photo of the result") : t("Photos"), name as "files" | "photo_after"));
  const form = h("form", { novalidate: true });
  for (const name of new Set([...move.needs, ...move.takes])) {
    if (name !== "reason" && name !== "result") continue;
    const box = h("textarea", { id: `${move.name}-${name}`, rows: 3, required: move.needs.includes(name) });
    parts.push({ name, value: () => box.value.trim() });
    form.append(h("label", { for: box.id }, name === "reason" ? t("Reason") : t("Result")), box);
  }
  const declared = Object.entries(move.fields).map(([name, spec]) => ({ name, ...asked(move.name, name, { ...spec, required: spec.required || move.needs.includes(name) }) }));
  form.append(...declared.map(({ element }) => element), ...taken.map(({ element }) => element), said, h("button", { class: move.danger ? "big danger" : "big" }, titled(move.title)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = taken.flatMap((each) => each.taken());
    const given = Object.fromEntries(parts.map(({ name, value }) => [name, value()]));
    const fields = Object.fromEntries(declared.map(({ name, value }) => [name, value()]).filter(([, value]) => value !== ""));
    const missing = [...parts.filter(({ name, value }) => move.needs.includes(name) && !value()), ...declared.filter(({ name, value }) => (move.fields[name]?.required || move.needs.includes(name)) && value() === "")].length > 0;
    if (missing || (move.needs.includes("photo_after") && !files.some((file) => file.slot === "photo_after"))) {
      said.textContent = t("Something is missing: see what is marked as needed.");
      return void form.querySelector<HTMLElement>("textarea:invalid, input:invalid, select:invalid")?.focus();
    }
    await add({ path: "acts", kind: "move", case: one.id, label: `${titled(move.title)}: ${one.title}`, body: { kind: "move", case: one.id, move: move.name, version: one.version, ...given, fields, spot: lately() }, files });
    location.hash = "#/";
    void send();
  });
  return h("details", { class: "card move" }, h("summary", {}, titled(move.title)), form);
}

function asked(move: string, name: string, spec: FieldSpec): { element: HTMLElement; value: () => unknown } {
  const id = `${move}-${name}`;
  const label = h("label", { for: id }, titled(spec.title), spec.required ? "" : ` (${t("if you like")})`);
  if (spec.type === "choice") {
    const select = h("select", { id, required: spec.required }, h("option", { value: "" }, "—"), spec.choices.map((one) => h("option", { value: one }, spec.says?.[one] ? titled(spec.says[one]) : one)));
    return { element: h("div", { class: "field" }, label, select), value: () => select.value };
  }
  if (spec.type === "bool") {
    const box = h("input", { id, type: "checkbox" });
    return { element: h("div", { class: "field" }, h("label", { class: "check" }, box, ` ${titled(spec.title)}`)), value: () => box.checked };
  }
  const input = spec.type === "long_text" ? h("textarea", { id, rows: 3, required: spec.required }) : h("input", { id, type: { integer: "number", date: "date" }[spec.type] ?? "text", required: spec.required });
  return { element: h("div", { class: "field" }, label, input), value: () => (spec.type === "integer" && input.value ? Number(input.value) : input.value) };
}

function noting(one: Doing): HTMLElement {
  const box = h("textarea", { id: "note", rows: 2 });
  const pictures = photos(t("Photos"));
  const spoken = voice();
  const said = h("p", { role: "status" });
  const form = h("form", {}, h("label", { for: "note" }, t("Note")), box, pictures.element, spoken.element, h("button", { class: "quiet big" }, t("Keep the note")), said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...pictures.taken(), ...spoken.taken()];
    const text = box.value.trim() || (spoken.taken().length ? t("Voice note") : files.length ? t("Photos") : "");
    if (!text) return void (said.textContent = t("Write something first."));
    await add({ path: "acts", kind: "note", case: one.id, label: `${t("Note")}: ${one.title}`, body: { kind: "note", case: one.id, words: text }, files });
    location.hash = "#/";
    void send();
  });
  return h("details", { class: "card" }, h("summary", {}, t("Write a note")), form);
}

