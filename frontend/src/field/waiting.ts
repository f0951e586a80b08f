// What has been done here: what waits, what has arrived, and what needs a decision of the person.
import { h, show } from "./dom";
import { time } from "./parts";
import { type Shown, listed, resolve, send } from "./queue";
import { kept } from "./store";
import { t } from "./words";

export async function waiting(main: HTMLElement): Promise<void> {
  const all = (await listed()).reverse();
  const of = (...states: string[]): Shown[] => all.filter((one) => states.includes(one.state));
  const [wrong, waits, done] = [of("conflict", "refused"), of("waiting"), of("done")];
  const others = await kept<number>("others");
  show(
    main,
    h("h1", {}, t("Sent and waiting")),
    others ? h("p", { class: "notice" }, t("This account is also used on {n} other phones today. Each sends its own actions; what one has done the other sees after it is sent.", { n: others })) : "",
    ...(await clockWrong()),
    section(t("Needs your decision"), wrong, decide),
    section(t("Waiting to be sent"), waits, (one) => h("p", { class: "hint" }, one.files ? t("{sent} of {files} photos sent", { sent: one.sent, files: one.files }) : "")),
    waits.length ? h("button", { class: "big wide", onclick: () => void send() }, t("Try to send now")) : "",
    section(t("Arrived at the server"), done, (one) => h("p", { class: "hint" }, one.done ? t("Number {number}", { number: one.done }) : "")),
    all.length ? "" : h("p", { class: "empty" }, t("Nothing has been done on this phone yet.")),
  );
}

async function clockWrong(): Promise<HTMLElement[]> {
  const off = (await kept<number>("offset")) ?? 0;
  if (Math.abs(off) < 300_000) return [];
  const hours = (Math.abs(off) / 3_600_000).toFixed(1);
  return [h("p", { class: "notice warn", role: "status" }, off > 0 ? t("The clock of this phone is {hours} hours slow. Times are put right by the server; please set the clock.", { hours }) : t("The clock of this phone is {hours} hours fast. Times are put right by the server; please set the clock.", { hours }))];
}

function section(title: string, entries: Shown[], more: (one: Shown) => HTMLElement): HTMLElement | string {
  if (!entries.length) return "";
  return h("section", {}, h("h2", {}, `${title} (${entries.length})`), h("ol", { class: "queue", reversed: true }, entries.slice(0, 100).map((one) => h("li", { class: one.state }, h("strong", {}, one.label), h("p", { class: "hint" }, time(one.at)), more(one)))));
}

// What the server said, in its words, and what can be done now.
function decide(one: Shown): HTMLElement {
  const stale = one.state === "conflict";
  const why = one.said ? [one.said.message, ...one.said.errors.map((each) => each.message), one.said.hint].filter(Boolean).join(" · ") : "";
  const own = [one.body.result, one.body.reason, one.body.words].filter((each) => typeof each === "string" && each).join(" ");
  const button = (text: string, how: "drop" | "again" | "note", quiet = true): HTMLElement => h("button", { class: quiet ? "quiet" : "", onclick: () => void resolve(one.seq, how, `${one.label} ${own}`.trim()).then(() => (how === "drop" ? undefined : send())) }, text);
  return h(
    "div",
    {},
    h("p", { class: "notice bad" }, stale ? t("Meanwhile somebody else has changed this case: {why}", { why }) : t("The server did not take it: {why}", { why })),
    own ? h("p", {}, `“${own}”`) : null,
    one.case ? button(t("Keep mine as a note"), "note", false) : button(t("Send again"), "again", false),
    " ",
    one.case ? button(t("Send again"), "again") : null,
    " ",
    button(t("Drop mine"), "drop"),
  );
}
