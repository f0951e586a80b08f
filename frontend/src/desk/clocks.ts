// Clocks that tick: how long until, or since, what is due. The date beside it stays for who wants it exactly.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "zh", { numeric: "always", style: "short" });

export function left(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 3600) return words.format(Math.trunc(seconds / 60), "minute");
  if (size < 2 * 86400) return words.format(Math.trunc(seconds / 3600), "hour");
  return words.format(Math.trunc(seconds / 86400), "day");
}

function tick(): void {
  const at = Date.now();
  for (const one of document.querySelectorAll<HTMLElement>("[data-ticks]")) {
    const time = one.querySelector("time");
    const said = one.querySelector("[data-left]");
    if (!time || !said) continue;
    const seconds = (Date.parse(time.dateTime) - at) / 1000;
    said.textContent = left(seconds);
    if (seconds < 0 && one.classList.contains("lamp")) one.className = "lamp red";
  }
}

export function ticking(): void {
  tick();
  setInterval(tick, 15_000);
}
