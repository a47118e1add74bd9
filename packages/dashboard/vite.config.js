// @ts-check
import { defineConfig } from 'vite';

/** The program of the site: one classic script and one style sheet, which run from `file://` too. */
export default defineConfig({
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
