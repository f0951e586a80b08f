// The app: its frame, its pages by the address after #, and when it talks with the server.
import { alarm } from "./alarm";
import { day, refresh } from "./day";
import { h, icon, show } from "./dom";
import { me, sized } from "./me";
import { fix, lately, where } from "./place";
import { counts, send, tidy } from "./queue";
import { report } from "./report";
import { rounds, round, stop } from "./rounds";
import { Away, type Standing, fresh } from "./server";
import { Locked, keep, wipe } from "./store";
import { list } from "./tasklist";
import { task } from "./task";
import { visit } from "./visits";
import { speak, speaking, t } from "./words";
import { waiting } from "./waiting";

const PAGES: [RegExp, (into: HTMLElement, part: string) => Promise<void>][] = [
  [/^$/, list],
  [/^task\/([0-9a-f-]+)$/, task],
  [/^report$/, report],
  [/^map$/, async (into) => (await import("./map")).map(into)],
  [/^rounds$/, rounds],
  [/^round$/, round],
  [/^stop\/([\w-]+)$/, stop],
  [/^visit\/([0-9a-f-]+)$/, visit],
  [/^waiting$/, waiting],
  [/^me$/, me],
];
const LIVE = /^$|^waiting$/; // pages that are drawn anew when something has changed; in the others somebody is typing
const TABS = [["", "tasks", "Tasks"], ["map", "map", "Map"], ["report", "report", "Report it"], ["rounds", "rounds", "Rounds"], ["me", "me", "Me"]] as const;

const SOON = 1_000;
const PATIENCE = 200;
let turns = 0;

const main = h("main", { id: "main", tabindex: -1 });
const banner = h("div", { role: "status", class: "banner" });
const news = h("div", { role: "status", class: "banner" }); // apart from the other, which each contact writes anew
const badge = h("a", { href: "#/waiting", class: "waits" });
const nav = h("nav", { class: "tabs" });
let standing: Standing | "" = "";
let pause = SOON;
let timer = 0;

export async function start(): Promise<void> {
  speak(speaking());
  sized();
  document.body.append(header(), banner, news, main, nav);
  document.addEventListener("queue", () => void renewed());
  document.addEventListener("day", () => void renewed());
  document.addEventListener("words", () => (frame(), void page()));
  new BroadcastChannel("shanzhi-field").addEventListener("message", () => void renewed());
  addEventListener("hashchange", () => void page());
  addEventListener("online", () => void contact());
  addEventListener("offline", () => told("away"));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void contact());
  await keep("language", speaking());
  frame();
  await worker();
  await fresh();
  await page();
  await contact();
  void navigator.storage?.persist?.();
  setInterval(() => document.visibilityState === "visible" && void contact(), 60_000);
}

function header(): HTMLElement {
  return h("header", { class: "bar" }, h("a", { href: "#/", class: "brand" }, "善治"), badge, h("button", { class: "danger sos", onclick: alarm }, "SOS"));
}

function frame(): void {
  document.title = `${t("Field work")} · ${t("Shanzhi")}`;
  document.querySelector(".sos")?.setAttribute("aria-label", t("Call for help"));
  nav.setAttribute("aria-label", t("Main"));
  nav.replaceChildren(...TABS.map(([to, sign, word]) => h("a", { href: `#/${to}`, onclick: () => location.hash === `#/${to}` && void page() }, icon(sign), h("span", {}, t(word)))));
  void counted();
}

const part = (): string => location.hash.replace(/^#\/?/, "");

// A page is made beside the one that is shown and takes its place when it is ready, if nobody has gone on meanwhile.
async function page(): Promise<void> {
  const [at, turn, fresh] = [part(), (turns += 1), h("div")];
  nav.querySelectorAll("a").forEach((link) => (link.getAttribute("href") === `#/${at.split("/")[0]}` ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
  const made = drawn(fresh, at);
  await Promise.race([made, new Promise((next) => setTimeout(next, PATIENCE))]);
  if (turn !== turns) return;
  main.replaceChildren(fresh);
  if (main.dataset.page !== at) scrollTo(0, 0);
  main.dataset.page = at;
  await made;
}

async function drawn(into: HTMLElement, at: string): Promise<void> {
  if (["ended", "other", "refused"].includes(standing)) return closed(into);
  const found = PAGES.find(([pattern]) => pattern.test(at)) ?? PAGES[0];
  try {
    await found?.[1](into, found[0].exec(at)?.[1] ?? "");
  } catch (error) {
    if (!(error instanceof Locked)) throw error;
    closed(into);
  }
}

// What is shown while nothing may be read.
function closed(into: HTMLElement): void {
  const words: Record<string, string> = {
    ended: t("This phone was signed out. What it held has been erased."),
    other: t("Somebody else has worked on this phone. What waits on it is sealed: he can sign in and send it, or it can be erased."),
    refused: t("Field work is for staff: sign in with a staff account."),
    away: t("What this phone holds is locked until you sign in. That needs a signal."),
  };
  const entry = h("a", { class: "button big wide", href: "/accounts/login/?next=/field/" }, t("Sign in"));
  const erase = h("button", { class: "big wide danger", onclick: () => void wipe().then(() => location.reload()) }, t("Erase what waits"));
  show(into, h("h1", {}, t("Field work")), h("p", {}, words[standing] ?? t("Sign in to see your tasks.")), standing === "other" ? erase : "", entry);
}

async function renewed(): Promise<void> {
  await counted();
  if (LIVE.test(part()) && !document.querySelector("dialog[open]")) await page();
}

async function counted(): Promise<void> {
  const { waiting: waits, conflict, refused } = await counts();
  badge.textContent = conflict + refused ? t("{n} to decide", { n: conflict + refused }) : waits ? t("{n} waiting", { n: waits }) : t("All sent");
  badge.dataset.state = conflict + refused ? "bad" : waits ? "warn" : "good";
}

// One contact: sends what waits, then takes along what is new; tries again by itself, ever more slowly.
export async function contact(): Promise<void> {
  clearTimeout(timer);
  const here = fix();
  if (here) await keep("here", { spot: here.spot, spot_at: new Date(here.at).toISOString() });
  const before = (await counts()).waiting;
  const found = await send();
  told(found);
  if (found === "in") {
    pause = SOON;
    await refresh().catch((error: unknown) => {
      if (!(error instanceof Away)) throw error;
      told("away");
    });
    await tidy();
    // on shift the dispatcher sees, and the dispatch reckons with, where he is: as of the last minute, not of the last act
    if (!lately() || (await day())?.shift?.on) void where(50_000);
    return;
  }
  if (found === "away") {
    pause = (await counts()).waiting < before ? SOON : Math.min(pause * 2, 30_000); // while something arrives, at once again
    timer = window.setTimeout(() => void contact(), pause);
  }
}

function told(found: Standing): void {
  const before = standing;
  standing = found;
  const words: Record<string, string> = { away: t("No signal: everything is kept and sent later."), over: t("Your session has run out: sign in to send what waits.") };
  banner.textContent = words[found] ?? "";
  banner.dataset.state = found;
  if (found === "over") banner.append(" ", h("a", { href: "/accounts/login/?next=/field/" }, t("Sign in")));
  if (found !== before && (["ended", "other", "refused"].includes(found) || main.querySelector(".button[href^='/accounts']"))) void page();
}

// The service worker: keeps the app without a signal; a new version is offered, never forced upon somebody typing.
async function worker(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!workers) return;
  const found = await workers.register("/field/sw.js", { scope: "/field/", type: "module" }).catch(() => undefined);
  if (!found) return;
  const offer = (ready: ServiceWorker): void => {
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    const take = h("button", {}, t("A new version is here: reload"));
    take.addEventListener("click", () => {
      take.disabled = true;
      ready.postMessage("take over");
      setTimeout(() => location.reload(), 5_000); // the browser lets the old one end its work first
    });
    news.replaceChildren(take);
  };
  const coming = (fresh: ServiceWorker | null): void => fresh?.addEventListener("statechange", () => fresh.state === "installed" && workers.controller && offer(fresh));
  if (found.waiting && workers.controller) offer(found.waiting);
  coming(found.installing); // it may have begun before we listened
  found.addEventListener("updatefound", () => coming(found.installing));
}

