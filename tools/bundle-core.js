// @ts-check
/**
 * Bundles core's entry points (the exports of its package and its program), from tsc's output, into a few files: packages/core/dist/bundle.
 * A command that imports hundreds of files takes longer to start than to run. Core's target `build` runs it.
 */
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { bundle, ROOT } from './bundle.js';

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
  external: ['es-module-lexer', 'reflect-metadata', 'tinyglobby', 'tsyringe', 'undici', 'yaml'],
  plugins: [{ name: 'addresses', setup: keepAddresses }],
});

/** Modules that look for files next to themselves must find them in tsc's output. @param {import('esbuild').PluginBuild} bundler */
function keepAddresses({ onLoad }) {
  onLoad({ filter: /packages\/core\/dist\/.*\.js$/ }, async ({ path }) => {
    const code = await readFile(path, 'utf8');
    const address = JSON.stringify(relative(FOLDER, path));
    return { contents: code.replaceAll('import.meta.url', `new URL(${address}, import.meta.url).href`) };
  });
}
