// Several rows at once: all of them by one box, and how many are chosen.
export function choosing(): void {
  const all = document.querySelector<HTMLInputElement>("[data-all]");
  const boxes = [...document.querySelectorAll<HTMLInputElement>('tr[data-case] input[type="checkbox"]')];
  const bar = document.querySelector<HTMLElement>("[data-bulk]");
  if (!all || !bar) return;
  const count = bar.querySelector("[data-count]");
  const shown = (): void => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    bar.hidden = chosen === 0;
    if (count) count.textContent = String(chosen);
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    shown();
  });
  for (const box of boxes) box.addEventListener("change", shown);
  shown();
}
