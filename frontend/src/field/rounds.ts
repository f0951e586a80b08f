import { h } from "./dom";
import { t } from "./words";
export async function rounds(main: HTMLElement): Promise<void> { main.replaceChildren(h("h1", {}, t("Rounds"))); }
export async function round(main: HTMLElement): Promise<void> { await rounds(main); }
export async function stop(main: HTMLElement): Promise<void> { await rounds(main); }
