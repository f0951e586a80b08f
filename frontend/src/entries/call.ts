// A call is typed: what is proposed goes into the fields that the operator has not set himself, and keys do the rest.
const form = document.querySelector<HTMLFormElement>("form[data-call]");
if (form) listen(form);

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function listen(form: HTMLFormElement): void {
  const field = (name: string): Field => form.elements.namedItem(name) as Field;
  const own = new Set(field("own").value.split(",").filter(Boolean));

  // What a person sets is his: it is told to the server, and no later answer changes it.
  const set = (name: string, on = true): void => {
    if (on) own.add(name);
    else own.delete(name);
    field("own").value = [...own].join(",");
    if (name === "area" || name === "address") clearPoint();
  };
  const clearPoint = (): void => {
    if (own.has("area")) field("lon").value = field("lat").value = "";
  };
  const propose = (): void => void form.dispatchEvent(new CustomEvent("propose"));

  const fill = (): void => {
    for (const one of form.querySelectorAll<HTMLDataElement>("[data-fill]")) {
      const name = one.dataset.fill ?? "";
      if (own.has(name) || ((name === "lon" || name === "lat") && own.has("area"))) continue;
      field(name).value = one.value;
    }
  };

  for (const name of ["category", "urgency", "address", "area"])
    field(name).addEventListener("change", () => {
      set(name, field(name).value !== "" || name !== "urgency");
      propose();
    });
  field("address").addEventListener("input", () => set("address"));
  field("text").addEventListener("input", () => {
    if (!field("began").value) field("began").value = new Date().toISOString();
  });

  const acts: [string, (button: HTMLElement) => void][] = [
    ["[data-set]", (button) => {
      field("category").value = button.dataset.value ?? "";
      set("category");
      propose();
    }],
    ["[data-answer]", (button) => {
      field("reply").value = button.closest("li")?.querySelector("[data-answer-text]")?.textContent ?? "";
      field("answer").value = button.dataset.answer ?? "";
      field("reply").focus();
    }],
    ["[data-take]", (button) => {
      const letters = [...field("text").value].slice(Number(button.dataset.start), Number(button.dataset.end));
      const taken = field(button.dataset.take ?? "");
      taken.value = letters.join("").trim();
      taken.dispatchEvent(new Event("change", { bubbles: true }));
      taken.focus();
    }],
  ];
  form.addEventListener("click", (event) => {
    for (const [selector, act] of acts) {
      const button = (event.target as Element).closest<HTMLElement>(selector);
      if (button) act(button);
    }
  });

  // Alt and a letter or figure: to a field, or what a button does. By the key's place, for Alt writes other letters.
  form.ownerDocument.addEventListener("keydown", (event) => {
    if (event.isComposing || event.shiftKey || event.metaKey) return;
    if (event.key === "Enter" && event.ctrlKey !== event.altKey) {
      event.preventDefault();
      form.querySelector<HTMLButtonElement>(`[data-end="${event.ctrlKey ? "case" : "answered"}"]`)?.click();
      return;
    }
    if (event.key === "Enter" && (event.target as Element).matches("input:not([type=checkbox])")) event.preventDefault(); // no slip ends a call
    if (!event.altKey || event.ctrlKey) return;
    const key = event.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
    const wanted = key.length === 1 ? form.querySelector<HTMLElement>(`[data-alt="${key}"]`) : null;
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("button, input[type=checkbox]")) wanted.click();
    else wanted.focus();
  });

  // One call is ended once, however often Enter is pressed.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
  document.addEventListener("htmx:afterSettle", (event) => {
    if ((event.target as Element).id === "proposals") fill();
  });
  const problem = form.querySelector<HTMLElement>(".notice.error");
  if (problem) problem.focus();
  else field("text").focus();
  form.querySelector<HTMLElement>("[data-fill-button]")?.setAttribute("hidden", "");
  form.dataset.ready = "";
}
