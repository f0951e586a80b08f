import { defineConfig } from "vite";

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
    rollupOptions: { input: { main: "src/main.ts" } },
  },
});
