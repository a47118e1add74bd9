// @ts-check
/** Lets actionlint read the workflows: `node checks/ci/actionlint.js`. */
import { join } from 'node:path';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');

const {
  exitCode,
  all = '',
  cause,
} = await execa('actionlint', ['-color'], { cwd: ROOT, all: true, reject: false });
if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
  console.log('skipped: there is no actionlint on PATH; README.md says how to get it');
} else {
  console.log(exitCode === 0 ? 'actionlint finds nothing' : all);
  process.exitCode = exitCode ?? 1;
}
