// A visit: what it is for, a short form, and what is answered becomes a fact with its source and day.
import { type Question, day } from "./day";
import { h, show } from "./dom";
import { back, photos } from "./parts";
import { lately } from "./place";
import { add, send } from "./queue";
import { t, titled } from "./words";

export async function visit(main: HTMLElement, id: string): Promise<void> {
  const known = (await day())?.rounds;
  const one = known?.visits.find((each) => each.case === id);
  const kind = one && known?.kinds[one.kind];
  if (!one || !kind) return show(main, back("#/rounds", t("Rounds")), h("p", { class: "empty" }, t("This visit is not on this phone any more.")));
  const asked = kind.questions.map((question) => ({ question, ...field(question) }));
  const pictures = photos(t("Photos"));
  const words = h("textarea", { id: "remark", rows: 2 });
  const sent = async (met: boolean): Promise<void> => {
    const given = asked.map(({ question, value }) => [question, value()] as const).filter(([, value]) => value !== null && value !== "");
    const answers = Object.fromEntries(given.map(([question, value]) => [question.key, value]));
    const free = given.filter(([question]) => question.type === "text").map(([question, value]) => `${question.title.zh}：${String(value)}`);
    const whole = [words.value.trim(), ...(met ? free : [])].filter(Boolean).join("；");
    await add({ path: "acts", kind: "visit", case: id, label: `${titled(kind.title)}: ${one.name}`, body: { kind: "visit", case: id, met, answers: met ? answers : {}, words: whole, spot: lately() }, files: pictures.taken() });
    location.hash = "#/rounds";
    void send();
  };
  const form = h("form", {}, asked.map(({ element }) => element), h("label", { for: "remark" }, t("Remark"), ` (${t("if you like")})`), words, pictures.element, h("button", { class: "big wide" }, t("Keep the visit")), h("button", { type: "button", class: "quiet big wide", onclick: () => void sent(false) }, t("Nobody at home")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void sent(true);
  });
  show(
    main,
    back("#/rounds", t("Rounds")),
    h("h1", {}, `${one.name} · ${titled(kind.title)}`),
    h("dl", { class: "card" }, [[t("Address"), one.address], [t("Phone number"), one.phone], [t("Purpose"), kind.purpose], [t("Legal ground"), kind.basis]].filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("p", { class: "hint" }, t("Answers are added to the record with the source “visit” and today's date; nothing is overwritten. Leave open what you do not know.")),
    form,
  );
}

function field(question: Question): { element: HTMLElement; value: () => unknown } {
  const id = `q-${question.key}`;
  if (question.type === "bool") return chosen(id, titled(question.title), [["yes", t("Yes")], ["no", t("No")]], (value) => value === "yes");
  if (question.values.length) return chosen(id, titled(question.title), question.values.map(({ value, title }) => [value, titled(title)]), (value) => value);
  const input = h("input", { id, type: { int: "number", decimal: "number", date: "date" }[question.type] ?? "text" });
  const value = (): unknown => (question.type === "int" && input.value ? Number(input.value) : input.value);
  return { element: h("div", { class: "field" }, h("label", { for: id }, titled(question.title)), input), value };
}

function chosen(name: string, title: string, options: [string, string][], read: (value: string) => unknown): { element: HTMLElement; value: () => unknown } {
  const element = h("fieldset", {}, h("legend", {}, title), h("div", { class: "pair" }, options.map(([value, text]) => h("label", { class: "check" }, h("input", { type: "radio", name, value }), ` ${text}`))));
  return {
    element,
    value: () => {
      const found = element.querySelector<HTMLInputElement>("input:checked");
      return found ? read(found.value) : null;
    },
  };
}
