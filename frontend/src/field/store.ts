// What the telephone keeps (IndexedDB): a few plain things about itself, and sealed everything about people and cases.
import { type DBSchema, type IDBPDatabase, deleteDB, openDB } from "idb";
import { type Sealed, derive, open, openBytes, seal, sealBytes } from "./crypt";

export type Waits = "waiting" | "conflict" | "refused" | "done";
export interface Said {
  status: number;
  code: string;
  message: string;
  hint: string;
  errors: { field: string; message: string }[];
  facts: Record<string, unknown>;
}
export interface Entry {
  seq: number;
  key: string;
  path: string;
  kind: string;
  case: string;
  state: Waits;
  at: string;
  sealed: Sealed;
  files: number;
  sent: number;
  said?: Said;
  done?: string;
}
export interface KeptFile {
  id?: string;
  slot: string;
  name: string;
  type: string;
  size: number;
  sealed: Sealed;
}
interface Kept extends DBSchema {
  keep: { key: string; value: unknown };
  sealed: { key: string; value: Sealed };
  queue: { key: number; value: Entry; indexes: { state: string } };
  files: { key: [number, number]; value: KeptFile };
}

const NAME = "shanzhi-field";
let opened: Promise<IDBPDatabase<Kept>> | undefined;
let held: CryptoKey | undefined;

export function base(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("keep");
      db.createObjectStore("sealed");
      db.createObjectStore("queue", { keyPath: "seq", autoIncrement: true }).createIndex("state", "state");
      db.createObjectStore("files");
    },
    blocking: () => void forgetConnection(), // another window empties the telephone
    terminated: () => (opened = undefined),
  });
  return opened;
}

async function forgetConnection(): Promise<void> {
  const db = await opened;
  opened = held = undefined;
  db?.close();
}

export async function keep(name: string, value: unknown): Promise<void> {
  await (await base()).put("keep", value, name);
}

export async function kept<T>(name: string): Promise<T | undefined> {
  return (await (await base()).get("keep", name)) as T | undefined;
}

// This telephone's own number; another after it has been emptied.
export async function device(): Promise<string> {
  let id = await kept<string>("device");
  if (!id) await keep("device", (id = crypto.randomUUID()));
  return id;
}

export async function unlock(secret: string): Promise<void> {
  let salt = await kept<Uint8Array>("salt");
  if (!salt) await keep("salt", (salt = crypto.getRandomValues(new Uint8Array(16))));
  held = await derive(secret, salt);
  await keep("key", held);
}

export async function lock(): Promise<void> {
  held = undefined;
  await (await base()).delete("keep", "key");
}

export class Locked extends Error {}

export async function key(): Promise<CryptoKey> {
  held ??= await kept<CryptoKey>("key");
  if (!held) throw new Locked();
  return held;
}

export async function put(name: string, value: unknown): Promise<void> {
  const sealed = await seal(await key(), value);
  await (await base()).put("sealed", sealed, name);
}

export async function get<T>(name: string): Promise<T | undefined> {
  const sealed = await (await base()).get("sealed", name);
  return sealed && open<T>(await key(), sealed);
}

export async function putBytes(name: string, bytes: ArrayBuffer): Promise<void> {
  const sealed = await sealBytes(await key(), bytes);
  await (await base()).put("sealed", sealed, name);
}

export async function getBytes(name: string): Promise<ArrayBuffer | undefined> {
  const sealed = await (await base()).get("sealed", name);
  return sealed && openBytes(await key(), sealed);
}

export async function names(prefix: string): Promise<string[]> {
  return (await base()).getAllKeys("sealed", IDBKeyRange.bound(prefix, `${prefix}\uffff`));
}

export async function drop(name: string): Promise<void> {
  await (await base()).delete("sealed", name);
}

// Everything goes: at signing out, and when the server says that the session was ended.
export async function wipe(): Promise<void> {
  held = undefined;
  const db = await base();
  await Promise.all((["keep", "sealed", "queue", "files"] as const).map((store) => db.clear(store)));
  await forgetConnection();
  await deleteDB(NAME, { blocked: () => undefined });
}
