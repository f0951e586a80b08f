// The service worker of the field app: keeps its files under a version, answers from them, and sends what waits when
// the browser says that the signal is back. What the server tells it stands in `self.FIELD`.
import { send } from "../field/queue";

interface Kept {
  version: string;
  files: string[];
  page: string;
}
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  FIELD: Kept;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, heard: (event: never) => void): void;
}

const scope = self as unknown as Scope;
const name = (): string => `field-${scope.FIELD.version}`;

scope.addEventListener("install", (event: Waiting) => {
  const kept = async (): Promise<void> => {
    const cache = await caches.open(name());
    await cache.addAll([new Request(scope.FIELD.page, { cache: "reload" }), ...scope.FIELD.files]);
  };
  event.waitUntil(kept());
});

scope.addEventListener("activate", (event: Waiting) => {
  const tidied = async (): Promise<void> => {
    for (const old of await caches.keys()) if (old.startsWith("field-") && old !== name()) await caches.delete(old);
    await scope.clients.claim();
  };
  event.waitUntil(tidied());
});

scope.addEventListener("message", (event: Waiting & { data: unknown }) => {
  if (event.data === "take over") event.waitUntil(scope.skipWaiting());
});

scope.addEventListener("fetch", (event: Fetching) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const wanted = request.mode === "navigate" && pathname === scope.FIELD.page ? scope.FIELD.page : scope.FIELD.files.includes(pathname) ? pathname : "";
  if (wanted) event.respondWith(answered(wanted, request));
});

async function answered(wanted: string, request: Request): Promise<Response> {
  const found = await (await caches.open(name())).match(wanted);
  return found ?? fetch(request);
}

scope.addEventListener("sync", (event: Waiting & { tag: string }) => {
  if (event.tag === "send") event.waitUntil(sending());
});

// Rejects while there is something to send and no way, so that the browser tries again.
async function sending(): Promise<void> {
  if ((await send()) === "away") throw new Error("no signal");
}
