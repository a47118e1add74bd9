// @ts-check
/**
 * Bundles the store's entry points (its commands, and the exports of its package that run in Node), from tsc's output, into a few files:
 * packages/store/dist/bundled. The database's package alone has a hundred files of CommonJS, which take longer to load than a query
 * takes. Store's target `build` runs it.
 */
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { bundle, keepAddresses, ROOT } from './bundle.js';

const PACKAGE = join(ROOT, 'packages/store');
const DIST = join(PACKAGE, 'dist');
const FOLDER = join(DIST, 'bundled');

const { exports, sweepline } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
/** @type {readonly string[]} */
const files = [
  ...Object.values(exports).flatMap((one) => one.default ?? []),
  ...sweepline.commands.map((/** @type {{ module: string }} */ { module }) => module),
]
  .map((file) => join(PACKAGE, file))
  .filter((file) => file.startsWith(FOLDER));

await rm(FOLDER, { recursive: true, force: true });
await bundle(FOLDER, {
  // Bundled together, so that what several of them share is loaded once.
  entryPoints: Object.fromEntries(
    files.map((file) => {
      const name = relative(FOLDER, file).replace(/\.js$/, '');
      return [name, join(DIST, `${name}.js`)];
    }),
  ),
  outdir: FOLDER,
  splitting: true,
  // The database itself is machine code.
  external: ['@sweepline/core', '@duckdb/node-bindings'],
  plugins: [keepAddresses(DIST, FOLDER)],
});
