// Colleagues to mention: after an @ the page asks who may see this case and offers them; arrows, Enter and Escape.
// Without it one types the account name: who is told is decided when the note is sent.
interface Colleague {
  username: string;
  name: string;
}

const ASKED = /(?:^|[^A-Za-z0-9_.@-])@([A-Za-z0-9._\u3400-\u9fff-]{0,64})$/;
const WAIT = 150; // ms after the last key

export function mentioning(): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-mentions]")) offer(area);
}

function offer(area: HTMLTextAreaElement): void {
  const list = document.createElement("ul");
  const said = document.createElement("p");
  list.id = `${area.id}-colleagues`;
  list.className = "colleagues";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", area.dataset.some ?? "");
  list.hidden = true;
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  area.after(list, said);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.autocomplete = "off";
  let timer = 0;
  let at = 0;
  let turn = 0;

  const options = (): HTMLElement[] => [...list.children] as HTMLElement[];

  function close(): void {
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
  }

  function choose(index: number): void {
    const all = options();
    at = (index + all.length) % all.length;
    all.forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
    area.setAttribute("aria-activedescendant", all[at]!.id);
    all[at]!.scrollIntoView({ block: "nearest" });
  }

  function take(username: string): void {
    const end = area.selectionStart;
    const head = area.value.slice(0, end).replace(/@[^@\s]*$/, `@${username} `);
    area.value = head + area.value.slice(end);
    area.setSelectionRange(head.length, head.length);
    close();
    area.focus();
  }

  async function ask(): Promise<void> {
    const found = ASKED.exec(area.value.slice(0, area.selectionStart));
    const mine = ++turn;
    if (!found) return close();
    const answer = await fetch(`${area.dataset.mentions}?text=${encodeURIComponent(found[1]!)}`);
    if (mine !== turn || !answer.ok) return;
    const colleagues = ((await answer.json()) as { found: Colleague[] }).found;
    close();
    said.textContent = colleagues.length ? (area.dataset.some ?? "") : (area.dataset.none ?? "");
    if (!colleagues.length) return;
    list.append(
      ...colleagues.map((one, n) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${n}`;
        item.setAttribute("role", "option");
        item.dataset.username = one.username;
        item.textContent = `${one.name} @${one.username}`;
        return item;
      }),
    );
    list.hidden = false;
    choose(0);
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask().catch(close), WAIT);
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(options()[at]!.dataset.username ?? "");
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  area.addEventListener("blur", () => setTimeout(close, WAIT));
  list.addEventListener("mousedown", (event) => {
    const item = (event.target as Element).closest<HTMLElement>("[data-username]");
    event.preventDefault(); // the caret stays where it is
    if (item) take(item.dataset.username ?? "");
  });
}
