// Today's tasks: what is next, how far it is, how long there is.
import { type Day, type Doing, day, tasks } from "./day";
import { h, show } from "./dom";
import { agreed, clock, hour, time } from "./parts";
import { far, lately, where } from "./place";
import { kept } from "./store";
import { t, titled } from "./words";

export async function list(main: HTMLElement): Promise<void> {
  const found = await tasks(lately());
  const at = await kept<number>("day");
  const today = await day();
  const open = found.filter((one) => !one.finished);
  const done = found.filter((one) => one.finished);
  show(
    main,
    h("h1", {}, t("Today's tasks"), " ", h("span", { class: "badge" }, open.length)),
    at ? h("p", { class: "hint" }, t("As of {time}", { time: hour(at) })) : h("p", { class: "empty" }, t("Loading …")),
    offShift(today?.shift),
    standBy(today?.stand),
    open.length ? h("ol", { class: "tasks" }, open.map(card)) : at ? h("p", { class: "empty" }, t("Nothing to do just now.")) : null,
    done.length ? h("h2", {}, t("Done, waiting to be sent")) : null,
    done.length ? h("ol", { class: "tasks" }, done.map(card)) : null,
  );
  if (!lately()) void where().then((spot) => (spot && location.hash.length < 3 ? list(main) : undefined));
}

// Off shift nothing new is given to somebody; what he does is taken all the same.
function offShift(shift: Day["shift"]): HTMLElement | null {
  if (!shift || shift.on) return null;
  const said = shift.at ? t("You are off shift until {time}.", { time: time(shift.at) }) : t("You are off shift.");
  return h("p", { class: "notice", role: "status" }, `${said} ${t("The dispatch gives you nothing new and does not keep where you are. What you send is taken.")}`);
}

// Whoever has nothing to do may be asked to wait where urgent tasks would find nobody else in time.
function standBy(stand: Day["stand"]): HTMLElement | null {
  if (!stand) return null;
  const said = t("Please wait at {place} until you are given something.", { place: stand.place || t("the place on the map") });
  return h("div", { class: "notice", role: "status" }, h("p", {}, h("strong", {}, said)), h("p", {}, stand.why), h("p", {}, h("a", { href: "#/map" }, t("Map"))));
}

function card(one: Doing): HTMLElement {
  const on = one.moves.filter((move) => !move.danger && move.to.zh !== one.state_title.zh); // what leads on
  const what = (on.length ? on : one.moves).map((move) => titled(move.title)).join(t(" or "));
  return h(
    "li",
    { class: one.urgency === "normal" ? "" : "urgent" },
    h(
      "a",
      { href: `#/task/${one.id}` },
      h("strong", {}, one.title),
      h("span", { class: "line" }, one.address || one.place.slice(-2).join(" · ")),
      h(
        "span",
        { class: "line facts" },
        one.away === null || one.finished ? null : h("span", { class: "badge plain" }, far(one.away)),
        one.finished ? null : clock(one.due_at),
        one.agreed && !one.finished ? h("span", { class: `badge ${one.agreed.missed ? "bad" : "plain"}` }, agreed(one.agreed)) : null,
        one.urgency === "normal" ? null : h("span", { class: "badge bad" }, t("Urgent")),
        one.pending.length ? h("span", { class: "badge warn" }, t("{n} waiting", { n: one.pending.length })) : null,
      ),
      what && !one.finished ? h("span", { class: "line todo" }, what) : null,
    ),
  );
}
