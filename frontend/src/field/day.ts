// The day as the telephone has it: tasks and ground from the last contact, with what has been done here since.
import type { FeatureCollection } from "geojson";
import { Grids } from "./grids";
import { type Spot, metres } from "./place";
import { type Shown, listed } from "./queue";
import { bytes, read } from "./server";
import { drop, get, getBytes, keep, kept, names, put, putBytes } from "./store";

export interface Title {
  zh: string;
  en: string;
}
export interface FieldSpec {
  type: string;
  title: Title;
  required: boolean;
  choices: string[];
  says?: Record<string, Title>;
}
export interface Move {
  name: string;
  title: Title;
  to: Title;
  open: boolean;
  needs: string[];
  takes: string[];
  danger: boolean;
  fields: Record<string, FieldSpec>;
  next: Move[];
}
export interface Task {
  id: string;
  number: string;
  type: string;
  version: number;
  title: string;
  text: string;
  category: string;
  urgency: string;
  address: string;
  lon: number | null;
  lat: number | null;
  due_at: string | null;
  opened_at: string;
  mine: boolean;
  place: string[];
  type_title: Title;
  state_title: Title;
  contacts: { name: string; phone: string }[];
  photos: { id: string; kind: string; name: string }[];
  moves: Move[];
  looks: boolean;
  order?: number;
  arrival?: string | null;
  agreed?: { since: string; until: string; missed: boolean };
  why?: string;
}
export interface Stop {
  key: string;
  name: string;
  lon: number;
  lat: number;
  mark: string;
  checklist: string;
  due: boolean;
  last: string | null;
}
export interface Visit {
  case: string;
  kind: string;
  name: string;
  phone: string;
  address: string;
  lon: number | null;
  lat: number | null;
  due: string;
  last: string | null;
}
export interface Question {
  key: string;
  title: Title;
  type: string;
  values: { value: string; title: Title }[];
}
export interface Rounds {
  stops: Stop[];
  checklists: Record<string, { title: Title; basis: string; items: { key: string; title: Title }[] }>;
  visits: Visit[];
  kinds: Record<string, { title: Title; purpose: string; basis: string; questions: Question[] }>;
}
export interface Day {
  now: string;
  tasks: Task[];
  centre_phone: string;
  ground: string;
  rounds: Rounds | null;
  shift?: { on: boolean; at: string | null } | null;
  stand?: { place: string; lon: number; lat: number; walk: number; why: string } | null;
}
export interface Category {
  code: string;
  zh: string;
  en: string;
  words: string[];
}
export interface Ground {
  version: string;
  grids: FeatureCollection;
  facilities: { key: string; name: string; lon: number; lat: number }[];
  categories: Category[];
}

let grids: { version: string; found: Grids } | undefined;

export const day = (): Promise<Day | undefined> => get<Day>("day");
export const ground = (): Promise<Ground | undefined> => get<Ground>("ground");

export async function located(): Promise<Grids | undefined> {
  const held = await ground();
  if (held && grids?.version !== held.version) grids = { version: held.version, found: new Grids(held.grids) };
  return grids?.found;
}

// Takes along what is new. The photos of tasks that are no longer ours are forgotten.
export async function refresh(): Promise<void> {
  const told = await read<Day>("day");
  await put("day", told);
  await keep("day", Date.now());
  document.dispatchEvent(new Event("day"));
  if ((await kept<string>("ground")) !== told.ground) {
    await put("ground", await read<Ground>("ground"));
    await keep("ground", told.ground);
  }
  await photos(told.tasks);
}

async function photos(tasks: Task[]): Promise<void> {
  const wanted = new Set(tasks.flatMap((task) => task.photos.map((one) => `photo:${one.id}`)));
  const here = new Set(await names("photo:"));
  for (const name of here) if (!wanted.has(name)) await drop(name);
  for (const name of wanted) if (!here.has(name)) await putBytes(name, await bytes(`/files/${name.slice(6)}/thumbnail`));
  document.dispatchEvent(new Event("day"));
}

export async function photo(id: string): Promise<string | undefined> {
  const held = await getBytes(`photo:${id}`);
  return held && URL.createObjectURL(new Blob([held]));
}

export interface Doing extends Task {
  pending: Shown[];
  finished: boolean;
  away: number | null;
}

// A task with what has been done about it here and has not arrived yet: the moves that are open after those.
function doing(task: Task, queue: Shown[], spot: Spot | null): Doing {
  const pending = queue.filter((one) => one.case === task.id && one.state !== "done");
  let { moves, state_title } = task;
  let finished = false;
  for (const { body, kind } of pending.filter((one) => one.state === "waiting")) {
    const made = kind === "move" ? moves.find((move) => move.name === body.move) : undefined;
    if (!made) continue;
    finished = !made.next.length || made.to.zh === state_title.zh;
    [moves, state_title] = [made.next, made.to];
  }
  const away = spot && task.lon !== null && task.lat !== null ? metres(spot, { lon: task.lon, lat: task.lat }) : null;
  return { ...task, moves, state_title, pending, finished, away };
}

export async function tasks(spot: Spot | null): Promise<Doing[]> {
  const [held, queue] = await Promise.all([day(), listed()]);
  const found = (held?.tasks ?? []).map((task) => doing(task, queue, spot));
  const order = (one: Doing): string => `${one.finished ? 1 : 0} ${String(one.order ?? 9_999).padStart(5, "0")} ${one.due_at ?? "9"}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
