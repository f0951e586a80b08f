import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

const entries = Object.fromEntries(
  readdirSync("src/entries")
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name.slice(0, -3), `src/entries/${name}`]),
);

// The names carry hashes of the contents; Django finds them through the manifest (shanzhi/look.py).
export default defineConfig({
  base: "/static/built/",
  publicDir: false,
  build: {
    outDir: "../src/shanzhi/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: false,
    // main.ts is on every page; each file in src/entries is loaded by the pages that need it
    rollupOptions: { input: { main: "src/main.ts", ...entries } },
  },
});
