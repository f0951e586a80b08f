// Where one is after a form was not taken: at what is wrong; and what is said instead of sending where there is no network.

// A screen reader and the keyboard begin at what is wrong, not at the top of the page.
export function reading(): void {
  if (location.hash || document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>('main .notice.error[tabindex="-1"]')?.focus();
}

// Without any network a server on this machine is reached all the same.
async function reached(): Promise<boolean> {
  try {
    return !!(await fetch(document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href ?? "/", { method: "HEAD", cache: "no-store" }));
  } catch {
    return false;
  }
}

let asked = false; // whether the server has just been reached
function again(form: HTMLFormElement, button: HTMLElement | null): void {
  asked = true;
  form.requestSubmit(button);
  asked = false;
}

// The browser would put its own page of a broken network in the place of what was typed.
export function waiting(): void {
  const known = document.querySelector<HTMLTemplateElement>("template#offline")?.content.firstElementChild;
  if (!known) return;
  const said = known.cloneNode(true) as HTMLElement;
  said.setAttribute("role", "alert");
  document.addEventListener(
    "submit",
    (event) => {
      said.remove();
      const form = event.target as HTMLFormElement;
      if (navigator.onLine || asked || form.method !== "post") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = (event as SubmitEvent).submitter;
      void reached().then((there) => {
        if (there) return again(form, button);
        (button?.closest("p") ?? button ?? form).before(said);
        said.focus();
      });
    },
    { capture: true },
  );
  addEventListener("online", () => said.remove());
}
