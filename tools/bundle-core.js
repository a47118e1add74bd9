// @ts-check
/**
 * Bundles core's entry points (the exports of its package and its program), from tsc's output, into a few files: packages/core/dist/bundle.
 * A command that imports hundreds of files takes longer to start than to run. Core's target `build` runs it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, keepAddresses, ROOT } from './bundle.js';

const DIST = join(ROOT, 'packages/core/dist');
const FOLDER = join(DIST, 'bundle');
const DOORS = ['config', 'matrix', 'load', 'tokenizer', 'metrics', 'launch', 'testing'];

await rm(FOLDER, { recursive: true, force: true });
await bundle(FOLDER, {
  // Bundled together: code that several entry points share is loaded once, so that an error class is the same for all of them.
  entryPoints: {
    cli: join(DIST, 'cli/main.js'),
    index: join(DIST, 'index.js'),
    ...Object.fromEntries(DOORS.map((door) => [door, join(DIST, door, 'index.js')])),
  },
  outdir: FOLDER,
  splitting: true,
  // Packages that are loaded on demand stay separate: a chunk of a CommonJS package would have no named exports.
  external: ['es-module-lexer', 'reflect-metadata', 'tinyglobby', 'undici'],
  // Their ES modules: a command loads one chunk each in place of a hundred CommonJS files. yaml has them for browsers.
  alias: {
    tsyringe: join(ROOT, 'node_modules/tsyringe/dist/esm2015/index.js'),
    yaml: join(ROOT, 'node_modules/yaml/browser/index.js'),
  },
  plugins: [keepAddresses(DIST, FOLDER)],
});
