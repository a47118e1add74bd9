// @ts-check
/**
 * Bundles the program that asks and scores, from tsc's output, into one file that needs nothing but Node: packages/evals/dist/runner.js.
 * It runs on machines where no package is installed. Evals' target `build` runs it.
 */
import { join } from 'node:path';
import { bundle, ROOT } from './bundle.js';

const DIST = join(ROOT, 'packages/evals/dist');
const CORE = join(ROOT, 'packages/core/dist');

await bundle(DIST, {
  entryPoints: [join(DIST, 'run/runner.js')],
  outfile: join(DIST, 'runner.js'),
  plugins: [
    {
      // Modules of core are taken one by one, from tsc's output: only those that are used become part of the file.
      name: 'core',
      setup({ onResolve }) {
        onResolve({ filter: /^@sweepline\/core(\/load)?$/ }, ({ path }) => ({
          path: join(CORE, path.endsWith('/load') ? 'load/index.js' : 'index.js'),
          sideEffects: false,
        }));
        onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) =>
          resolveDir.startsWith(CORE) ? { path: join(resolveDir, path), sideEffects: false } : undefined,
        );
      },
    },
  ],
});
