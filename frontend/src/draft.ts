// Keeps what somebody types until it has reached us: a page loaded again, a session that has ended and a server
// that was away lose nothing. Only in this tab (sessionStorage), for whoever is signed in, for twelve hours;
// forgotten when it has been sent, when the form is emptied, at signing out and when somebody else is signed in. Passwords and codes are never kept.
type Value = { was: string; now: string };
type Draft = { account: string; at: number; sent: boolean; values: Record<string, Value> };
type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const PREFIX = "draft ";
const LONGEST = 12 * 3600 * 1000;
const KINDS = ["text", "search", "tel", "email", "url", "number", "date", "time", "datetime-local", "checkbox", "radio", "textarea", "select-one", "select-multiple"];
const account = document.documentElement.dataset.account ?? "";

const controls = (form: HTMLFormElement): Control[] =>
  [...form.elements].filter((one): one is Control => KINDS.includes((one as Control).type ?? "") && !!(one as Control).name);
const ticks = (one: Control): one is HTMLInputElement => one.type === "checkbox" || one.type === "radio";
const slot = (one: Control): string => (ticks(one) ? `${one.name}=${one.value}` : one.name);

function value(one: Control): string {
  if (ticks(one)) return String(one.checked);
  return one instanceof HTMLSelectElement ? [...one.selectedOptions].map((option) => option.value).join("\n") : one.value;
}

function usual(one: Control): string {
  if (ticks(one)) return String(one.defaultChecked);
  if (!(one instanceof HTMLSelectElement)) return one.defaultValue;
  const chosen = [...one.options].filter((option) => option.defaultSelected);
  return (chosen.length || one.multiple ? chosen : [...one.options].slice(0, 1)).map((option) => option.value).join("\n");
}

function put(one: Control, text: string): void {
  if (ticks(one)) one.checked = text === "true";
  else if (one instanceof HTMLSelectElement) for (const option of one.options) option.selected = text.split("\n").includes(option.value);
  else one.value = text;
}

// Forms that write words of somebody; those of sign-in and those that only ask are none.
function keeps(form: HTMLFormElement): boolean {
  const secret = form.querySelector('input[type="password"], input[autocomplete="one-time-code"]');
  return form.method === "post" && !secret && !!form.closest("main") && controls(form).some((one) => !ticks(one));
}

function key(form: HTMLFormElement): string {
  const hidden = ["form", "do", "step", "move"].map((name) => form.querySelector<HTMLInputElement>(`input[type="hidden"][name="${name}"]`)?.value ?? "");
  return `${PREFIX}${new URL(form.action, location.href).pathname} ${hidden.join(" ")}`;
}

function read(name: string): Draft | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "") as Draft;
  } catch {
    return undefined;
  }
}

function write(name: string, draft: Draft): void {
  try {
    sessionStorage.setItem(name, JSON.stringify(draft));
  } catch {
    sessionStorage.removeItem(name); // no room: rather none than half of it
  }
}

function remember(form: HTMLFormElement, sent = false): void {
  const changed = controls(form).filter((one) => value(one) !== usual(one));
  if (!changed.length && !sent) return sessionStorage.removeItem(key(form));
  const values = Object.fromEntries(changed.map((one) => [slot(one), { was: usual(one), now: value(one) }]));
  write(key(form), { account, at: Date.now(), sent, values });
}

// Puts back what was typed where the form is as it was then; what the server says otherwise is newer.
function restore(form: HTMLFormElement): void {
  const draft = read(key(form));
  if (!draft || draft.account !== account) return;
  const fitting = controls(form).filter((one) => draft.values[slot(one)]?.was === usual(one) && draft.values[slot(one)]?.now !== value(one));
  if (!fitting.length) return;
  for (const one of fitting) put(one, draft.values[slot(one)]?.now ?? "");
  form.querySelectorAll("details").forEach((part) => (part.open ||= fitting.some((one) => part.contains(one))));
  const around = form.closest("details");
  if (around) around.open = true;
  say(form);
}

function say(form: HTMLFormElement): void {
  const said = document.querySelector<HTMLTemplateElement>("template#draft")?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!said) return;
  said.querySelector("button")?.addEventListener("click", () => {
    for (const one of controls(form)) put(one, usual(one));
    sessionStorage.removeItem(key(form));
    said.remove();
  });
  form.prepend(said);
}

// A page that refuses nothing means that what was sent has arrived.
function settle(): void {
  const refused = document.querySelector('meta[name="refused"], main .notice.error');
  for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX))) {
    const draft = read(name);
    const others = !!draft?.account && draft.account !== account && !(account === "" && refused);
    if (!draft || others || Date.now() - draft.at > LONGEST || (draft.sent && !refused)) sessionStorage.removeItem(name);
    else if (draft.sent) write(name, { ...draft, sent: false });
  }
}

function forget(): void {
  for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX))) sessionStorage.removeItem(name);
}

export function drafts(): void {
  settle();
  for (const form of document.forms) if (keeps(form)) restore(form);
  const changed = (event: Event): void => {
    const form = (event.target as Control).form;
    if (form && keeps(form)) remember(form);
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (new URL(form.action).pathname.endsWith("/logout/")) forget();
    else if (keeps(form)) remember(form, true);
  });
}
