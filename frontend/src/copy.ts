// Copies data-text, or the text of the element named by data-copy (a selector), and says so with data-done.
export function copy(button: HTMLElement): void {
  const text = button.dataset.text ?? document.querySelector(button.dataset.copy || "body")?.textContent?.trim();
  if (!text) return;
  void copied(text).then((done) => {
    if (done && button.dataset.done) button.textContent = button.dataset.done;
  });
}

// Browsers give `navigator.clipboard` to https and localhost alone; over plain http a field is selected and copied.
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    const before = document.activeElement as HTMLElement | null;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  }
}
