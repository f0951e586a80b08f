// Puts one's position (WGS-84) into the fields `lon` and `lat` of the form around the button.
// The sentences to show are on the button: data-busy, data-done, data-failed.
export function locate(button: HTMLElement): void {
  const form = button.closest("form");
  const say = (text: string | undefined): void => {
    const status = form?.querySelector<HTMLElement>("[data-located]");
    if (status && text) status.textContent = text;
  };
  const fill = (name: string, value: number): void => {
    const field = form?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) {
      field.value = value.toFixed(6);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  if (!navigator.geolocation) return say(button.dataset.failed);
  say(button.dataset.busy);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      fill("lon", coords.longitude);
      fill("lat", coords.latitude);
      say(button.dataset.done);
    },
    () => say(button.dataset.failed),
    { enableHighAccuracy: true, timeout: 10_000 },
  );
}
