// @ts-check
import { readFileSync } from 'node:fs';
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

/** The program of the site: one classic script and one style sheet, which run from `file://` too. */
export default defineConfig({
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
