// The queue: everything done goes onto the telephone first and is sent in order, one after the other, each once.
// An act and each of its files have a key of their own that the server knows them by, so that what arrived without
// our hearing of it is not done again; a photo that has arrived is not sent a second time.
import { open, openBytes, seal, sealBytes } from "./crypt";
import { Away, Refused, type Standing, hello, measured, write } from "./server";
import { type Entry, type KeptFile, type Waits, base, device, keep, kept, key } from "./store";

export interface Attached {
  blob: Blob;
  name: string;
  slot: "files" | "photo_after" | `item:${string}`; // of a point: which line of the checklist it shows
}
export interface Act {
  path: string;
  kind: string;
  case?: string;
  label: string;
  body: Record<string, unknown>;
  files?: Attached[];
}
export interface Shown extends Entry {
  label: string;
  body: Record<string, unknown>;
}
interface Payload {
  label: string;
  body: Record<string, unknown>;
}

const told = new BroadcastChannel("shanzhi-field");
export const changed = (): void => {
  told.postMessage("queue");
  if (typeof document !== "undefined") document.dispatchEvent(new Event("queue"));
};

// Puts an act into the queue; it is safe there before this returns. Its place in the queue.
export async function add(act: Act): Promise<number> {
  const sealer = await key();
  const files: KeptFile[] = [];
  for (const { blob, name, slot } of act.files ?? [])
    files.push({ slot, name, type: blob.type, size: blob.size, sealed: await sealBytes(sealer, await blob.arrayBuffer()) });
  const sealed = await seal(sealer, { label: act.label, body: act.body } satisfies Payload);
  const entry = {
    key: crypto.randomUUID(), path: act.path, kind: act.kind, case: act.case ?? "", state: "waiting" as Waits,
    at: new Date().toISOString(), sealed, files: files.length, sent: 0,
  }; // prettier-ignore
  const tx = (await base()).transaction(["queue", "files"], "readwrite");
  const seq = await tx.objectStore("queue").add(entry as Entry);
  for (const [n, file] of files.entries()) void tx.objectStore("files").put(file, [seq, n]);
  await tx.done;
  changed();
  await later();
  return seq;
}

// Asks the browser to wake us when the signal is back, where it can.
async function later(): Promise<void> {
  const worker = await (globalThis as { navigator?: Navigator }).navigator?.serviceWorker?.getRegistration?.("/field/");
  await (worker as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync?.register("send").catch(() => undefined);
}

export async function listed(): Promise<Shown[]> {
  const opener = await key();
  const entries = await (await base()).getAll("queue");
  return Promise.all(entries.map(async (one) => ({ ...one, ...(await open<Payload>(opener, one.sealed)) })));
}

export async function counts(): Promise<Record<Waits, number>> {
  const db = await base();
  const [waiting, conflict, refused, done] = await Promise.all(
    (["waiting", "conflict", "refused", "done"] as const).map((state) => db.countFromIndex("queue", "state", state)),
  );
  return { waiting: waiting ?? 0, conflict: conflict ?? 0, refused: refused ?? 0, done: done ?? 0 };
}

let turn: Promise<Standing> | undefined;

// Sends what waits; never two at a time, whether a window or the service worker does it. Whoever comes meanwhile has
// one turn after it: what was put into the queue at its end may have been passed over.
export function send(): Promise<Standing> {
  if (turn) return turn;
  const mine: Promise<Standing> = (async () =>
    navigator.locks.request("shanzhi-field-send", async () => {
      if (turn === mine) turn = undefined;
      const standing = await hello();
      return standing === "in" ? through() : standing;
    }))();
  turn = mine;
  mine.catch(() => turn === mine && (turn = undefined));
  return mine;
}

// Sends one act at once, past all that waits and beside what is being sent: its key keeps it from being done twice.
// Whether it has arrived.
export async function first(seq: number): Promise<boolean> {
  const standing = await hello();
  const db = await base();
  const entry = await db.get("queue", seq);
  if (standing === "in" && entry?.state === "waiting") await tried(entry);
  changed();
  return (await db.get("queue", seq))?.state === "done";
}

async function through(): Promise<Standing> {
  const db = await base();
  let last = 0;
  for (;;) {
    const range = IDBKeyRange.lowerBound(last, true);
    let cursor = await db.transaction("queue").store.openCursor(range);
    while (cursor && cursor.value.state !== "waiting") cursor = await cursor.continue();
    if (!cursor) break;
    last = cursor.value.seq;
    const stopped = await tried(cursor.value);
    if (stopped) return stopped;
    changed();
  }
  const { waiting } = await counts();
  const here = await kept<Record<string, unknown>>("here");
  const { others } = await write<{ others: number }>("phones", { device: await device(), offset_ms: measured(), waiting, ...here }).catch(() => ({ others: undefined }));
  if (others !== undefined) await keep("others", others);
  return "in";
}

// Sends an act; what the server refuses is kept with its words. Says why nothing more can be sent, if so.
async function tried(entry: Entry): Promise<Standing | undefined> {
  try {
    await sent(entry);
  } catch (error) {
    if (error instanceof Away) return "away";
    if (!(error instanceof Refused)) throw error;
    if (error.said.status === 401 || error.said.code === "csrf") return "over";
    const state: Waits = error.said.status === 409 ? "conflict" : "refused";
    const db = await base();
    await db.put("queue", { ...((await db.get("queue", entry.seq)) ?? entry), state, said: error.said });
  }
  return undefined;
}

async function sent(entry: Entry): Promise<void> {
  const db = await base();
  const opener = await key();
  const { body } = await open<Payload>(opener, entry.sealed);
  const slots: Record<string, string[]> = {};
  for (let n = 0; n < entry.files; n += 1) {
    const file = await db.get("files", [entry.seq, n]);
    if (!file) continue;
    (slots[file.slot] ??= []).push(file.id ?? (await uploaded(entry, n, file, opener)));
  }
  const items = Object.entries(slots).filter(([slot]) => slot.startsWith("item:"));
  for (const [slot] of items) delete slots[slot];
  const shown = items.length ? { item_files: Object.fromEntries(items.map(([slot, ids]) => [slot.slice(5), ids])) } : {};
  const whole = { ...body, ...slots, ...shown, device: await device(), seq: entry.seq, said_at: entry.at, offset_ms: measured(), ...(await versioned(entry, body)) };
  const answer = await write<{ version?: number; number?: string; clock_off_s?: number; away_m?: number | null }>(entry.path, whole, entry.key);
  if (entry.kind === "move" && answer.version) await keep(`version:${entry.case}`, answer.version);
  if (answer.clock_off_s) await keep("clock", answer.clock_off_s);
  const tx = db.transaction(["queue", "files"], "readwrite");
  void tx.objectStore("queue").put({ ...entry, state: "done", sent: entry.files, done: answer.number ?? "" });
  void tx.objectStore("files").delete(IDBKeyRange.bound([entry.seq, 0], [entry.seq, 1_000]));
  await tx.done;
}

async function uploaded(entry: Entry, n: number, file: KeptFile, opener: CryptoKey): Promise<string> {
  const form = new FormData();
  form.append("file", new Blob([await openBytes(opener, file.sealed)], { type: file.type }), file.name);
  const { id } = await write<{ id: string }>("files", form, `${entry.key}:${n}`);
  const db = await base();
  const tx = db.transaction(["queue", "files"], "readwrite");
  void tx.objectStore("files").put({ ...file, id }, [entry.seq, n]);
  void tx.objectStore("queue").put({ ...entry, sent: n + 1 });
  await tx.done;
  changed();
  return id;
}

// A move that follows one of our own is made on the case as that one has left it.
async function versioned(entry: Entry, body: Record<string, unknown>): Promise<{ version?: number }> {
  if (typeof body.version !== "number") return {};
  const own = await kept<number>(`version:${entry.case}`);
  return { version: Math.max(body.version, own ?? 0) };
}

// What the person decides about an act that was refused or came too late.
export async function resolve(seq: number, how: "drop" | "again" | "note", words = ""): Promise<void> {
  const db = await base();
  const entry = await db.get("queue", seq);
  if (!entry) return;
  if (how === "again") {
    const seen = entry.said?.facts.version; // whoever has read what has changed may do it all the same
    if (typeof seen === "number") await keep(`version:${entry.case}`, seen);
    await db.put("queue", { ...entry, state: "waiting", said: undefined });
  }
  if (how === "drop") await dropped(seq);
  if (how === "note") await asNote(entry, words);
  changed();
}

// Mine stays as a note in the case, with its photos, beside what somebody else has done meanwhile.
async function asNote(entry: Entry, words: string): Promise<void> {
  const db = await base();
  const sealed = await seal(await key(), { label: words.slice(0, 60), body: { kind: "note", case: entry.case, words } } satisfies Payload);
  const tx = db.transaction(["queue", "files"], "readwrite");
  for (let n = 0; n < entry.files; n += 1) {
    const file = await tx.objectStore("files").get([entry.seq, n]);
    if (file) void tx.objectStore("files").put({ ...file, slot: "files" }, [entry.seq, n]);
  }
  void tx.objectStore("queue").put({ ...entry, kind: "note", key: crypto.randomUUID(), state: "waiting", sealed, said: undefined });
  await tx.done;
}

async function dropped(seq: number): Promise<void> {
  const tx = (await base()).transaction(["queue", "files"], "readwrite");
  void tx.objectStore("queue").delete(seq);
  void tx.objectStore("files").delete(IDBKeyRange.bound([seq, 0], [seq, 1_000]));
  await tx.done;
}

// What has arrived is shown for a day, then forgotten.
export async function tidy(): Promise<void> {
  const db = await base();
  const old = new Date(Date.now() - 86_400_000).toISOString();
  for (const entry of await db.getAllFromIndex("queue", "state", "done")) if (entry.at < old) await dropped(entry.seq);
}
