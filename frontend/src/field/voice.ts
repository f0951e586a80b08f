// A voice note of at most a minute. Whatever the browser records is turned into WAV (16 kHz, one channel) here, which
// every desk can play; nothing is recognised.
import { h, icon } from "./dom";
import type { Attached } from "./queue";
import { t } from "./words";

const MOST = 60;
const RATE = 16_000;

export function voice(): { element: HTMLElement; taken: () => Attached[] } {
  const taken: Attached[] = [];
  const said = h("p", { role: "status", class: "hint" });
  const button = h("button", { type: "button", class: "quiet big wide" }, icon("voice"), t("Voice note"));
  if (!("MediaRecorder" in globalThis) || !navigator.mediaDevices) button.hidden = true;
  let recorder: MediaRecorder | undefined;
  button.addEventListener("click", async () => {
    if (recorder?.state === "recording") return recorder.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream);
      const parts: Blob[] = [];
      recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
      recorder.addEventListener("stop", async () => {
        stream.getTracks().forEach((track) => track.stop());
        button.replaceChildren(icon("voice"), t("Record again"));
        taken.splice(0, 1, { blob: await wav(new Blob(parts)), name: "voice.wav", slot: "files" });
        said.replaceChildren(h("audio", { controls: true, src: URL.createObjectURL(taken[0]?.blob as Blob) }));
      });
      recorder.start();
      button.replaceChildren(icon("stop"), t("Stop"));
      said.textContent = t("Recording, at most a minute …");
      setTimeout(() => recorder?.state === "recording" && recorder.stop(), MOST * 1000);
    } catch {
      said.textContent = t("The microphone cannot be used.");
    }
  });
  return { element: h("div", { class: "field" }, button, said), taken: () => taken };
}

async function wav(recorded: Blob): Promise<Blob> {
  const context = new AudioContext();
  const sound = await context.decodeAudioData(await recorded.arrayBuffer());
  await context.close();
  const length = Math.min(Math.ceil(sound.duration * RATE), MOST * RATE);
  const mixer = new OfflineAudioContext(1, Math.max(length, 1), RATE);
  const source = mixer.createBufferSource();
  source.buffer = sound;
  source.connect(mixer.destination);
  source.start();
  const samples = (await mixer.startRendering()).getChannelData(0);
  return new Blob([head(samples.length), Int16Array.from(samples, (one) => Math.max(-1, Math.min(1, one)) * 32_767)], { type: "audio/wav" });
}

function head(samples: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(44));
  const text = (at: number, signs: string): void => [...signs].forEach((sign, n) => view.setUint8(at + n, sign.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + samples * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples * 2, true);
  return view.buffer as ArrayBuffer;
}
