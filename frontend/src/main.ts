// What pages do besides HTML: fragments by HTMX, larger letters, one's own position, copying.
// Nothing is evaluated from strings and no style is put inline, so that the strict CSP holds.
import "modern-normalize";
import "./styles/main.css";
import htmx from "htmx.org";
import { copy } from "./copy";
import { drafts } from "./draft";
import { locate } from "./locate";
import { reading, waiting } from "./refused";
import { toggleSize } from "./size";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages with personal data stay out of the browser's storage

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token) (event as CustomEvent).detail.headers["X-CSRFToken"] = token;
});

// What another script put into the page has parts of its own to fetch.
document.addEventListener("renewed", () => htmx.process(document.body));

// A refusal (4xx) is an answer for the person: the fragment with the reason is shown like any other.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent;
  if (detail.xhr.status >= 400 && detail.xhr.status < 500 && detail.xhr.responseText) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

const actions: Record<string, (button: HTMLElement) => void> = {
  "toggle-size": toggleSize,
  locate,
  copy,
  print: () => window.print(),
  reload: () => location.reload(),
};

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-action]");
  const action = button && actions[button.dataset.action ?? ""];
  if (!button || !action) return;
  event.preventDefault(); // without JavaScript the button sends its form
  action(button);
});

drafts();
reading();
waiting();
