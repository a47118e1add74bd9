// @ts-check
/**
 * Bundles core's load process, as tsc has built it, into one JavaScript file that needs no other: packages/core/dist/client. Core's
 * target `build` runs it, so that `sweepline client bundle` needs no bundler. Next to it come the licences of the packages in it.
 */
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licencesOf } from './licences.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDER = join(ROOT, 'packages/core/dist/client');

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

await mkdir(FOLDER, { recursive: true });
await writeFile(join(FOLDER, 'LICENSES.txt'), await licencesOf(ROOT, metafile));
