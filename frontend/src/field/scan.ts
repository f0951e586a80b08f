// The code at a point: read by the camera where the browser can (BarcodeDetector), else typed.
import { dialog, h } from "./dom";
import { t } from "./words";

export interface Scanned {
  text: string;
  by: "qr" | "code";
}
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type Detecting = new (how: { formats: string[] }) => Detector;

export function scanned(): Promise<Scanned | null> {
  return new Promise((told) => {
    const input = h("input", { id: "code", autocapitalize: "characters", autocomplete: "off", maxlength: 60 });
    const video = h("video", { playsinline: true, muted: true, hidden: true });
    const form = h("form", { method: "dialog" }, video, h("label", { for: "code" }, t("The letters beneath the code")), input, h("button", { class: "big wide" }, t("Use it")), h("button", { type: "button", class: "quiet big wide", onclick: () => box.close() }, t("Cancel")));
    const box = dialog(t("Code of the point"), form);
    let found: Scanned | null = null;
    const close = watching(video, (text) => {
      found = { text, by: "qr" };
      box.close();
    });
    form.addEventListener("submit", () => (found = input.value.trim() ? { text: input.value, by: "code" } : null));
    box.addEventListener("close", () => (close(), told(found)));
  });
}

function watching(video: HTMLVideoElement, seen: (text: string) => void): () => void {
  const detecting = (globalThis as { BarcodeDetector?: Detecting }).BarcodeDetector;
  let [stream, over]: [MediaStream | undefined, boolean] = [undefined, false];
  const look = async (): Promise<void> => {
    if (!detecting || !navigator.mediaDevices) return;
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const detector = new detecting({ formats: ["qr_code"] });
    while (!over) {
      const [code] = await detector.detect(video);
      if (code) return seen(code.rawValue);
      await new Promise((next) => setTimeout(next, 200));
    }
  };
  look().catch(() => (video.hidden = true));
  return () => {
    over = true;
    stream?.getTracks().forEach((track) => track.stop());
  };
}
