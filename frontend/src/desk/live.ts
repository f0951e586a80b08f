// What changes while a page is open: rows of a list change where they stand, what is new is offered, a case page
// shows its newest state unless somebody is typing in it.
interface Told {
  id: string;
  seq: number;
  open: boolean;
  state: Record<string, string>;
  org: string;
  due: string | null;
  new: boolean;
}

const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
let missed = 0;

export function listen(address: string): void {
  const source = new EventSource(address, { withCredentials: true });
  const sign = document.querySelector<HTMLElement>("[data-live]");
  const shown = (on: boolean): void => {
    if (!sign) return;
    sign.dataset.live = on ? "on" : "off";
    sign.title = (on ? sign.dataset.on : sign.dataset.off) ?? "";
    sign.hidden = false;
  };
  source.addEventListener("hello", (event) => {
    shown(true);
    if ((event as MessageEvent<string>).data === "1") offer(); // back after a break: something may have been missed
  });
  source.addEventListener("error", () => shown(false));
  source.addEventListener("case", (event) => took(JSON.parse((event as MessageEvent<string>).data) as Told));
  addEventListener("pagehide", () => source.close());
}

function took(told: Told): void {
  document.dispatchEvent(new CustomEvent("told", { detail: told.id }));
  const page = document.querySelector<HTMLElement>(`[data-case-page="${CSS.escape(told.id)}"]`);
  if (page) {
    if (told.seq > Number(page.dataset.seq)) void renew(page);
    return;
  }
  if (document.querySelector("[data-case-page]")) return;
  const row = document.querySelector<HTMLElement>(`[data-case="${CSS.escape(told.id)}"]`);
  if (row) changed(row, told);
  else if (document.querySelector("[data-news]")) offer();
}

function changed(row: HTMLElement, told: Told): void {
  const write = (name: string, text: string): void => {
    const part = row.querySelector(`[data-part="${name}"]`);
    if (part) part.textContent = text;
  };
  write("state", told.state[language] ?? "");
  write("org", told.org);
  const due = row.querySelector<HTMLTimeElement>("time");
  if (due && told.due) due.dateTime = told.due;
  row.classList.remove("changed");
  void row.offsetWidth; // begins the highlight anew
  row.classList.add("changed");
}

function offer(): void {
  const bar = document.querySelector<HTMLElement>("[data-news]");
  if (!bar) return;
  missed += 1;
  bar.hidden = false;
  const link = bar.querySelector("a");
  if (link) link.textContent = (bar.dataset.news ?? "").replace("{n}", String(missed));
}

// The newest state in place of the old one; whoever is typing is told instead, and loses nothing.
async function renew(page: HTMLElement): Promise<void> {
  const notice = document.querySelector<HTMLElement>("[data-stale]");
  const typing = [...document.querySelectorAll<HTMLInputElement>("#main input, #main textarea, #main select")].some(dirty);
  if (typing || document.activeElement?.matches("#main :is(input, textarea, select)")) {
    if (notice) notice.hidden = false;
    return;
  }
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-case-page]");
  if (!fresh) return;
  page.replaceWith(document.importNode(fresh, true));
  document.dispatchEvent(new CustomEvent("renewed"));
}

function dirty(field: HTMLInputElement): boolean {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT")
    return [...(field as unknown as HTMLSelectElement).options].some((one) => one.selected !== one.defaultSelected && one.index > 0);
  return field.value !== field.defaultValue;
}
