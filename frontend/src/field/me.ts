// The person and the telephone: language, size of letters, signing out, emptying.
import { h, show } from "./dom";
import { time } from "./parts";
import { counts } from "./queue";
import { hello, token } from "./server";
import { kept, keep, wipe } from "./store";
import { speak, speaking, t } from "./words";

interface Installing extends Event {
  prompt(): Promise<void>;
}
let installing: Installing | undefined;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installing = event as Installing;
});

export function sized(size = localStorage.getItem("field-size") ?? "normal"): void {
  localStorage.setItem("field-size", size);
  document.documentElement.dataset.size = size;
}

export async function me(main: HTMLElement): Promise<void> {
  const [name, contact, days, { waiting, conflict, refused }] = [await kept<string>("name"), await kept<number>("contact"), await kept<number>("days"), await counts()];
  const unsent = waiting + conflict + refused;
  const large = document.documentElement.dataset.size === "large";
  const said = h("p", { role: "status" });
  show(
    main,
    h("h1", {}, name ?? ""),
    h("p", { class: "hint" }, contact ? t("Last contact with the server: {time}. Without contact for {days} days this phone locks what it holds.", { time: time(contact), days: days ?? 3 }) : ""),
    h("button", { class: "big wide quiet", "aria-pressed": String(large), onclick: () => (sized(large ? "normal" : "large"), me(main)) }, t("Large text")),
    h("button", { class: "big wide quiet", lang: speaking() === "en" ? "zh" : "en", onclick: () => (speak(speaking() === "en" ? "zh" : "en"), void keep("language", speaking()), document.dispatchEvent(new Event("words"))) }, speaking() === "en" ? "中文" : "English"),
    installing ? h("button", { class: "big wide quiet", onclick: () => void installing?.prompt() }, t("Put it on the home screen")) : "",
    h("a", { class: "button big wide quiet", href: "#/waiting" }, t("Sent and waiting")),
    h("a", { class: "button big wide quiet", href: "/desk/" }, t("To the desk")),
    h("h2", {}, t("End of work")),
    unsent ? h("p", { class: "notice bad" }, t("{n} actions have not arrived. Signing out erases them from this phone.", { n: unsent })) : "",
    h("button", { class: "big wide", onclick: () => void out(said, unsent) }, t("Sign out and empty this phone")),
    said,
  );
}

async function out(said: HTMLElement, unsent: number): Promise<void> {
  if (unsent && said.dataset.asked === undefined) {
    said.dataset.asked = "";
    return void (said.textContent = t("Press once more to erase {n} actions that have not arrived.", { n: unsent }));
  }
  const standing = await hello();
  if (standing === "away") return void said.replaceChildren(t("Without a signal the session cannot be ended; you can empty this phone now."), h("button", { class: "big wide danger", onclick: () => void wipe().then(() => location.reload()) }, t("Empty this phone")));
  await wipe();
  const form = h("form", { method: "post", action: "/accounts/logout/" }, h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token() }));
  document.body.append(form);
  form.submit();
}
