// @ts-check
/**
 * Bundles core's load process, as tsc has built it, into one JavaScript file that needs no other: packages/core/dist/client. Core's
 * target `build` runs it, so that `sweepline client bundle` needs no bundler. Next to it come the licences of the packages in it.
 */
import { join } from 'node:path';
import { bundle, ROOT } from './bundle.js';

const FOLDER = join(ROOT, 'packages/core/dist/client');

await bundle(FOLDER, {
  entryPoints: ['packages/core/dist/load/load-client.js'],
  // Named like the entry, as threads begin in the file of that name next to the code that starts them (load/new-thread.ts); .mjs, as
  // it is a module wherever it is copied to.
  outfile: join(FOLDER, 'load-client.mjs'),
});
