// The sentences of the app in both languages lie in its page, made from the same catalogue as all others.
export type Language = "zh" | "en";

const told = JSON.parse(document.getElementById("sentences")?.textContent ?? "{}") as Record<Language, Record<string, string>>;
let language: Language = chosen();

function chosen(): Language {
  const asked = localStorage.getItem("field-language") ?? /django_language=([a-z]+)/.exec(document.cookie)?.[1] ?? navigator.language;
  return asked.startsWith("en") ? "en" : "zh";
}

export const speaking = (): Language => language;

export function speak(other: Language): void {
  language = other;
  localStorage.setItem("field-language", other);
  document.documentElement.lang = other === "en" ? "en" : "zh-hans";
}

export function t(sentence: string, facts: Record<string, string | number> = {}): string {
  const text = told[language]?.[sentence] ?? sentence;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

// A title as packs declare it.
export const titled = (title: { zh: string; en: string } | undefined): string => title?.[language] ?? "";
