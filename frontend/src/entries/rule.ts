// Trying a rule: what it says changes while one types, by the rule's own diagram, without asking the server.
import { walk, type Diagram } from "../rules";

type Given = { diagram: Diagram; titles: Record<string, string>; words: Record<string, Record<string, string[]>> };
const line = document.querySelector<HTMLElement>("[data-says]");
const form = line?.closest("form");
const given = document.getElementById("diagram")?.textContent;
if (line && form && given) following(line, form, JSON.parse(given) as Given);

function following(line: HTMLElement, form: HTMLFormElement, { diagram, titles, words }: Given): void {
  const value = (name: string, kind: string): unknown => {
    const text = (form.elements.namedItem(name) as HTMLInputElement | null)?.value.trim() ?? "";
    if (text === "") return null;
    if (kind === "flag") return text === "true";
    if (kind !== "set") return text;
    const parts = text === "-" ? [] : text.split("|").map((part) => part.trim());
    const seen = words[name];
    const named = !seen || parts.every((part) => part in seen);
    return named ? parts : Object.keys(seen).filter((one) => seen[one]!.some((word) => text.includes(word)));
  };
  const show = (): void => {
    try {
      const said = walk(diagram, Object.fromEntries(diagram.facts.map(({ name, kind }) => [name, value(name, kind)])));
      const { yes, no, unknown, missing } = line.dataset;
      const verdict = said.verdict === null ? unknown : said.verdict ? yes : no;
      const outputs = Object.values(said.outputs).map((each) => (Array.isArray(each) ? each.join(" | ") : String(each)));
      const left = said.missing.map((name) => titles[name] ?? name);
      line.textContent = [verdict, ...outputs].join(" · ") + (left.length ? ` — ${missing}: ${left.join(", ")}` : "");
    } catch {
      line.textContent = ""; // something that is no number yet
    }
  };
  form.addEventListener("input", show);
  show();
}
