import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const entries = Object.fromEntries(
  readdirSync("src/entries")
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name.slice(0, -3), `src/entries/${name}`]),
);

// A small copy beside each file: whoever can read it is sent it, also where no proxy stands before the server.
const small: Plugin = {
  name: "small",
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => /\.(js|css)$/.test(one))) {
      const path = join(dir ?? "", name);
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    }
  },
};

// The names carry hashes of the contents; Django finds them through the manifest (shanzhi/look.py).
export default defineConfig({
  base: "/static/built/",
  publicDir: false,
  plugins: [small],
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
