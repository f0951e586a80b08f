import { h } from "./dom";
export async function visit(main: HTMLElement): Promise<void> { main.replaceChildren(h("h1", {}, "")); }
