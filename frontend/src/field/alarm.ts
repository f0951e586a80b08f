// The urgent button: one tap, three seconds to take it back, then a case for the centre with the place, sent before all
// that waits; and at once the number to call, because a case is not a voice and a weak signal is slow.
import { day } from "./day";
import { dialog, h, icon } from "./dom";
import { where } from "./place";
import { add, first, send } from "./queue";
import { t } from "./words";

const SECONDS = 3;

export function alarm(): void {
  let left = SECONDS;
  const said = h("p", { role: "status", class: "count" }, String(left));
  const stop = h("button", { class: "big wide quiet", autofocus: true, onclick: () => box.close() }, t("Cancel"));
  const box = dialog(t("Calling for help"), h("p", {}, t("The centre is told in three seconds, with your place.")), said, stop);
  const spot = where(30_000, 6_000);
  const ticking = setInterval(() => {
    left -= 1;
    said.textContent = String(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(ticking);
    void called(box, spot);
  }, 1000);
  box.addEventListener("close", () => clearInterval(ticking));
}

async function called(box: HTMLDialogElement, spot: ReturnType<typeof where>): Promise<void> {
  const title = h("h2", { tabindex: -1 }, t("Calling the centre …"));
  const said = h("p", { class: "notice", role: "alert" }, t("It is kept on this phone and is sent as soon as there is a signal."));
  const phone = (await day().catch(() => undefined))?.centre_phone;
  box.replaceChildren(
    title,
    said,
    phone ? h("a", { class: "button big wide danger", href: `tel:${phone}` }, icon("phone"), h("span", {}, t("Call the centre"), " ", h("span", { class: "nowrap" }, phone))) : "",
    h("a", { class: "button big wide", href: "tel:110" }, icon("phone"), "110"),
    h("button", { class: "big wide quiet", onclick: () => box.close() }, t("Close")),
  );
  title.focus();
  const at = await Promise.race([spot, new Promise<null>((told) => setTimeout(() => told(null), 2_000))]);
  const arrived = await first(await add({ path: "acts", kind: "alarm", label: t("Call for help"), body: { kind: "alarm", spot: at } }));
  title.textContent = arrived ? t("The centre has your call") : t("There is no signal for data: the call waits on this phone");
  said.className = `notice ${arrived ? "good" : "bad"}`;
  said.textContent = arrived ? t("Stay where you are if it is safe.") : t("Telephone the centre if you can.");
  void send();
}
