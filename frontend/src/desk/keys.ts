// Keys for who works here all day; `?` shows them. They can be switched off (WCAG 2.1.4) and sleep while one types.
const OFF = "keys-off";
const typing = (element: Element | null): boolean =>
  !!element?.closest("input, textarea, select, [contenteditable], dialog[open]") &&
  !element.closest("dialog:not([open])"); // a closed one keeps the focus until the page is drawn again
// The link that says for itself which keys lead there.
function linked(said: string): (() => void) | undefined {
  const link = [...document.querySelectorAll<HTMLElement>("a[data-key]")].find((one) => one.dataset.key === said);
  return link && ((): void => link.click());
}

let first = ""; // the first of two keys
const chosen = (): HTMLElement | null => document.querySelector<HTMLElement>("tr[data-case][data-chosen]");

function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("tr[data-case]")];
  const here = chosen();
  const next = rows[Math.min(Math.max((here ? rows.indexOf(here) : by > 0 ? -1 : rows.length) + by, 0), rows.length - 1)];
  if (!next) return;
  if (here) delete here.dataset.chosen;
  next.dataset.chosen = "";
  next.querySelector<HTMLElement>("a")?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function tick(): void {
  chosen()?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click();
}

function help(): void {
  document.querySelector<HTMLDialogElement>("#keys")?.showModal();
}

function open(number: number): void {
  const offer = document.querySelectorAll<HTMLElement>(".moves > *")[number - 1];
  const details = offer?.matches("details") ? (offer as HTMLDetailsElement) : offer?.querySelector("details");
  if (details) {
    details.open = true;
    details.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select, button")?.focus();
  } else offer?.querySelector<HTMLElement>("button")?.focus(); // a move is sent by Enter, never by a slip of one key
}

const keys: Record<string, () => void> = {
  "/": () => document.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
  "?": help,
  j: () => step(1),
  k: () => step(-1),
  x: tick,
  r: () => location.reload(),
};
for (let n = 1; n < 10; n += 1) keys[String(n)] = () => open(n);

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target as Element)) return;
  if (localStorage.getItem(OFF) && event.key !== "?") return;
  const said = first ? `${first} ${event.key}` : event.key;
  const action = keys[said] ?? linked(said);
  first = !first && event.key === "g" ? "g" : "";
  if (!action) return;
  event.preventDefault();
  action();
}

export function listenToKeys(): void {
  document.addEventListener("keydown", pressed);
  const off = document.querySelector<HTMLInputElement>("#keys input[type=checkbox]");
  if (!off) return;
  off.checked = !localStorage.getItem(OFF);
  off.addEventListener("change", () => (off.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  document.querySelector("[data-keys-help]")?.addEventListener("click", help);
}
