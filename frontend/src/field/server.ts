// Talking with the server: who we are to it, what its time is, and answers in its own words.
import { type Said, device, keep, kept, lock, unlock, wipe } from "./store";

export type Standing = "in" | "over" | "ended" | "away" | "other" | "refused";
interface Hello {
  status: "in" | "over" | "ended";
  now: string;
  account?: { id: number; name: string };
  csrf?: string;
  ticket?: string;
  secret?: string;
  locked_after_days?: number;
}

const API = "/api/v1/field";
const SHORT = 20_000;
const LONG = 120_000;
let csrf = "";
let offset = 0;

export class Refused extends Error {
  constructor(readonly said: Said) {
    super(said.message);
  }
}
export class Away extends Error {}

export const measured = (): number => offset;
export const token = (): string => csrf;

// Also says which language answers shall speak: the service worker has no page that would.
async function asked(address: string, how: RequestInit, most = SHORT): Promise<Response> {
  const language = (await kept<string>("language")) ?? "zh";
  const headers = { "Accept-Language": language === "en" ? "en" : "zh-hans", ...how.headers };
  try {
    return await fetch(address, { credentials: "same-origin", ...how, headers, signal: AbortSignal.timeout(most) });
  } catch {
    throw new Away();
  }
}

async function answered<T>(answer: Response): Promise<T> {
  if (answer.ok) return readable<T>(answer);
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Away();
  const body = (await answer.json().catch(() => ({}))) as Partial<Said>;
  throw new Refused({ status: answer.status, code: body.code ?? "", message: body.message ?? String(answer.status), hint: body.hint ?? "", errors: body.errors ?? [], facts: body.facts ?? {} });
}

// An answer that breaks off in the middle has not come.
async function readable<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch {
    throw new Away();
  }
}

// The first words of every contact. Empties the telephone when its session was ended by somebody.
export async function hello(): Promise<Standing> {
  const before = Date.now();
  let told: Hello;
  try {
    const ticket = (await kept<string>("ticket")) ?? "";
    const address = `${API}/hello?device=${await device()}`;
    told = await answered<Hello>(await asked(address, { headers: { "X-Field-Ticket": ticket }, cache: "no-store" }));
  } catch (error) {
    return error instanceof Refused ? "refused" : "away";
  }
  const now = Date.now();
  offset = Math.round(new Date(told.now).getTime() - (before + now) / 2);
  if (told.status === "ended") {
    await wipe();
    return "ended";
  }
  if (told.status === "over") {
    await keep("session", "over");
    return "over";
  }
  return entered(told);
}

async function entered(told: Hello): Promise<Standing> {
  const before = await kept<number>("account");
  if (before !== undefined && before !== told.account?.id) return "other";
  csrf = told.csrf ?? "";
  await unlock(told.secret ?? "");
  for (const [name, value] of Object.entries({
    account: told.account?.id,
    name: told.account?.name,
    ticket: told.ticket,
    session: "in",
    contact: Date.now(),
    days: told.locked_after_days,
    offset,
  }))
    await keep(name, value);
  return "in";
}

// Whether what is here may still be read without having asked the server for so long; takes the key away if not.
export async function fresh(): Promise<boolean> {
  const [contact, days] = [await kept<number>("contact"), await kept<number>("days")];
  if (!contact || Math.abs(Date.now() - contact) < (days ?? 3) * 86_400_000) return true;
  await lock();
  return false;
}

export async function read<T>(path: string): Promise<T> {
  return answered<T>(await asked(path.startsWith("/") ? path : `${API}/${path}`, {}));
}

export async function bytes(address: string): Promise<ArrayBuffer> {
  const answer = await asked(address, {}, LONG);
  if (!answer.ok) throw new Away();
  return answer.arrayBuffer().catch(() => {
    throw new Away();
  });
}

export async function write<T>(path: string, body: unknown, key = ""): Promise<T> {
  const form = body instanceof FormData;
  const headers: Record<string, string> = { "X-CSRFToken": csrf };
  if (key) headers["Idempotency-Key"] = key;
  if (!form) headers["Content-Type"] = "application/json";
  const how = { method: "POST", headers, body: form ? body : JSON.stringify(body) };
  return answered<T>(await asked(path.startsWith("/") ? path : `${API}/${path}`, how, LONG));
}
