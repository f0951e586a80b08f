// Copies data-text, or the text of the element named by data-copy (a selector), and says so with data-done.
export function copy(button: HTMLElement): void {
  const text = button.dataset.text ?? document.querySelector(button.dataset.copy || "body")?.textContent?.trim();
  if (!text) return;
  void navigator.clipboard.writeText(text).then(() => {
    if (button.dataset.done) button.textContent = button.dataset.done;
  });
}
