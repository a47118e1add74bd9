// @ts-check
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page itself: `sweepline dashboard build` puts it next to the program. */
const page = () => ({
  name: 'page',
  /** @this {import('vite').Rollup.PluginContext} */
  generateBundle() {
    const source = readFileSync(new URL('app/index.html', import.meta.url), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'index.html', source });
  },
});

/** @param {string} name */
const platform = (name) => fileURLToPath(new URL(`app/platform/${name}.ts`, import.meta.url));

/** The program of the site: one classic script and one style sheet, which run from `file://` too. */
export default defineConfig({
  // Readers of results run in Node as well.
  resolve: { alias: { 'node:crypto': platform('node-crypto'), 'node:path': platform('node-path') } },
  plugins: [page()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    lib: {
      entry: 'app/main.tsx',
      formats: ['iife'],
      name: 'sweeplineApp',
      fileName: () => 'app.js',
      cssFileName: 'app',
    },
  },
});
