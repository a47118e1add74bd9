// @ts-check
/**
 * Bundles core's load process, as tsc has built it, into one JavaScript file that needs no other: packages/core/dist/client. Core's
 * target `build` runs it, so that `sweepline client bundle` needs no bundler. Next to it come the licences of the packages in it.
 */
import { build } from 'esbuild';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDER = join(ROOT, 'packages/core/dist/client');
const LICENCE = /^(licen[cs]e|notice)/i;

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['packages/core/dist/load/load-client.js'],
  // Named like the entry, as threads begin in the file of that name next to the code that starts them (load/new-thread.ts); .mjs, as
  // it is a module wherever it is copied to.
  outfile: join(FOLDER, 'load-client.mjs'),
  bundle: true,
  platform: 'node',
  // What core itself asks for.
  target: 'node20.19',
  format: 'esm',
  // CommonJS packages require Node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});

const packages = [...new Set(Object.keys(metafile.inputs).flatMap((file) => packageOf(file) ?? []))].sort();
const licences = await Promise.all(packages.map(licencesOf));
await mkdir(FOLDER, { recursive: true });
await writeFile(join(FOLDER, 'LICENSES.txt'), licences.join('\n'));

/** Folder of the package that a file is of, relative to the root. @param {string} file */
function packageOf(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** @param {string} folder */
async function licencesOf(folder) {
  const path = join(ROOT, folder);
  const { name, version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
  const files = (await readdir(path)).filter((file) => LICENCE.test(basename(file)));
  if (files.length === 0) throw new Error(`${folder} has no licence to go with the client bundle`);
  const texts = await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')));
  return `${'='.repeat(80)}\n${name} ${version}\n\n${texts.join('\n')}`;
}
