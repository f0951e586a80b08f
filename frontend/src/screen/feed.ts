// What happens just now: the newest on top, at most eight.
interface Told {
  id: string;
  title: string;
  at: string;
  state: Record<string, string>;
  org: string;
}

const MOST = 8;

export function feed(): void {
  const list = document.querySelector<HTMLElement>("[data-feed]");
  const address = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content;
  if (!list || !address) return;
  const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  const source = new EventSource(address, { withCredentials: true });
  source.addEventListener("case", (event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as Told;
    const link = document.createElement("a");
    link.href = `${list.dataset.case}${told.id}`;
    link.textContent = told.title;
    const said = document.createElement("small");
    said.textContent = ` ${time.format(new Date(told.at))} · ${told.state[language] ?? ""} · ${told.org}`;
    const item = document.createElement("li");
    item.className = "changed";
    item.append(link, said);
    list.querySelector("[data-empty]")?.remove();
    list.prepend(item);
    while (list.children.length > MOST) list.lastElementChild?.remove();
  });
  addEventListener("pagehide", () => source.close());
}
