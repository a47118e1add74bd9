// @ts-check
/**
 * Bundles core's doors (the exports of its package and its program), as tsc has built them, into a few files: packages/core/dist/bundle.
 * A command that imports hundreds of files takes longer to start than to work. Core's target `build` runs it.
 */
import { build } from 'esbuild';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licencesOf } from './licences.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = join(ROOT, 'packages/core/dist');
const FOLDER = join(DIST, 'bundle');
const DOORS = ['config', 'matrix', 'load', 'tokenizer', 'metrics', 'launch', 'testing'];

await rm(FOLDER, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: ROOT,
  // All together: what two of them share is loaded once, so that an error of one is an error of the other.
  entryPoints: {
    cli: join(DIST, 'cli/main.js'),
    index: join(DIST, 'index.js'),
    ...Object.fromEntries(DOORS.map((door) => [door, join(DIST, door, 'index.js')])),
  },
  outdir: FOLDER,
  bundle: true,
  splitting: true,
  platform: 'node',
  // What core itself asks for.
  target: 'node20.19',
  format: 'esm',
  // What is loaded only where it is needed stays in its own package: a chunk of a CommonJS one would have no named exports.
  external: ['es-module-lexer', 'reflect-metadata', 'tinyglobby', 'tsyringe', 'undici', 'yaml'],
  plugins: [{ name: 'addresses', setup: keepAddresses }],
  // CommonJS packages require Node's own modules.
  banner: {
    js: "import { createRequire as createRequireOf } from 'node:module';\nconst require = createRequireOf(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
await writeFile(join(FOLDER, 'LICENSES.txt'), await licencesOf(ROOT, metafile));

/** Modules that find files next to themselves find them where tsc has put them. @param {import('esbuild').PluginBuild} bundler */
function keepAddresses({ onLoad }) {
  onLoad({ filter: /packages\/core\/dist\/.*\.js$/ }, async ({ path }) => {
    const code = await readFile(path, 'utf8');
    const address = JSON.stringify(relative(FOLDER, path));
    return { contents: code.replaceAll('import.meta.url', `new URL(${address}, import.meta.url).href`) };
  });
}
