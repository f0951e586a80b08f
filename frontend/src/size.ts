const YEAR = 365 * 24 * 3600;

// Larger letters (长辈模式). The cookie lets the server draw the next page so at once.
export function toggleSize(button: HTMLElement): void {
  const large = document.documentElement.dataset.size !== "large";
  document.documentElement.dataset.size = large ? "large" : "normal";
  document.cookie = `size=${large ? "large" : "normal"}; path=/; max-age=${YEAR}; samesite=lax`;
  button.setAttribute("aria-pressed", String(large));
}
