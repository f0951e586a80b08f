// Parts that several pages use: photos to take, a voice note, clocks, what is said of a position.
import { h, icon } from "./dom";
import { small } from "./picture";
import { type Spot } from "./place";
import type { Attached } from "./queue";
import { speaking, t } from "./words";

export interface Photos {
  element: HTMLElement;
  taken: () => Attached[];
}

const MOST = 6;

// A large button that opens the camera; each photo is made small at once and can be taken away again.
export function photos(label: string, slot: Attached["slot"] = "files", first = false): Photos {
  const taken: Attached[] = [];
  const row = h("div", { class: "photos" });
  const said = h("p", { role: "status", class: "hint" });
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, class: "visually-hidden" });
  input.addEventListener("change", async () => {
    for (const file of [...(input.files ?? [])].slice(0, MOST - taken.length)) {
      said.textContent = t("Making the photo small …");
      try {
        const one: Attached = { blob: await small(file), name: "photo.jpg", slot };
        taken.push(one);
        row.append(shown(one, taken));
        said.textContent = t("{n} photos", { n: taken.length });
      } catch {
        said.textContent = t("This picture cannot be read: take it again, or choose another.");
      }
    }
    input.value = "";
  });
  return { element: h("div", { class: "field" }, h("label", { class: `button big wide${first ? "" : " quiet"}` }, input, icon("report"), label), said, row), taken: () => taken };
}

function shown(one: Attached, taken: Attached[]): HTMLElement {
  const address = URL.createObjectURL(one.blob);
  const remove = h("button", { type: "button", class: "quiet small" }, t("Remove"));
  const figure = h("figure", {}, h("img", { src: address, alt: t("Photo to be sent") }), remove);
  remove.addEventListener("click", () => {
    taken.splice(taken.indexOf(one), 1);
    URL.revokeObjectURL(address);
    figure.remove();
  });
  return figure;
}

export function placed(spot: Spot | null): string {
  if (!spot) return t("No position yet: it can be sent without one.");
  return t("Position known to {m} m", { m: Math.max(spot.accuracy ?? 0, 1) });
}

// Times are Beijing's, as on all pages, whatever zone the telephone is set to.
const BEIJING = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" } as const;

export const hour = (at: string | number): string => new Date(at).toLocaleTimeString("en-GB", BEIJING);

// The time agreed with a resident: 12-02 14:00–18:00.
export function agreed(one: { since: string; until: string; missed: boolean }): string {
  const until = hour(one.until);
  const text = `${time(one.since)}–${until === "00:00" ? "24:00" : until}`;
  return one.missed ? t("{time}, which cannot be kept any more", { time: text }) : text;
}

// What a clock says: how long is left, or since when it is over; colour and word say the same.
export function clock(due: string | null): HTMLElement | null {
  if (!due) return null;
  const left = (new Date(due).getTime() - Date.now()) / 60_000;
  const [kind, text] = left < 0 ? ["red", t("{time} over", { time: span(-left) })] : [left < 120 ? "yellow" : "green", t("{time} left", { time: span(left) })];
  return h("span", { class: `lamp ${kind}` }, text);
}

function span(minutes: number): string {
  if (minutes < 60) return t("{n} min", { n: Math.round(minutes) });
  return minutes < 60 * 48 ? t("{n} h", { n: Math.round(minutes / 60) }) : t("{n} days", { n: Math.round(minutes / 1440) });
}

export const time = (at: string | number): string =>
  new Date(at).toLocaleString(speaking() === "en" ? "en-GB" : "zh-CN", { month: "numeric", day: "numeric", ...BEIJING });

export function back(to: string, text: string): HTMLElement {
  return h("p", {}, h("a", { href: to, class: "back" }, `‹ ${text}`));
}
