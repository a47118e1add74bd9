// @ts-check
/**
 * Bundles core's programs for machines without Node.js, from tsc's output, each into one self-contained JavaScript file:
 * packages/core/dist/client. Core's target `build` runs it, so that `sweepline client bundle` needs no bundler. The licences of the
 * packages in them are written next to them.
 */
import { join } from 'node:path';
import { bundle, ROOT } from './bundle.js';

const FOLDER = join(ROOT, 'packages/core/dist/client');

await bundle(FOLDER, {
  entryPoints: {
    'load-client': 'packages/core/dist/load/load-client.js',
    agent: 'packages/core/dist/launch/agent/agent-main.js',
  },
  // Named like the entry, because threads start from the file of that name next to the code that starts them (load/new-thread.ts); .mjs,
  // because it must be a module wherever it is copied to.
  outdir: FOLDER,
  outExtension: { '.js': '.mjs' },
});
