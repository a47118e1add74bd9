// @ts-check
/** The contract of launchers on the cluster, on its hosts and in an image: node suite.js [PART OF A TITLE] */
import { testLauncher } from '@sweepline/core/testing';
import { clusterWith, IMAGE, SKU, slurm } from './lease.js';

/** Checks that run at the same time: they mostly wait for Slurm. */
const AT_ONCE = 3;

/** @type {{ title: string, run: () => void | Promise<void> }[]} */
const checks = [];
testLauncher(slurm, {
  describe: (_, define) => define(),
  it: (title, run) => checks.push({ title, run }),
  ...{
    nodes: 4,
    groups: true,
    sku: SKU,
    cluster: clusterWith({ writable: true }),
    program: '/usr/bin/node',
    image: IMAGE,
  },
});
const [part = ''] = process.argv.slice(2);
const waiting = checks.filter(({ title }) => title.includes(part));
const all = waiting.length;
let failed = 0;
await Promise.all(Array.from({ length: AT_ONCE }, runNext));
console.log(`${all - failed} of ${all} hold`);
process.exit(failed === 0 ? 0 : 1);

/** @returns {Promise<void>} */
async function runNext() {
  const check = waiting.shift();
  if (check === undefined) return;
  const { title, run } = check;
  try {
    await run();
    console.log(`ok    ${title}`);
  } catch (thrown) {
    failed += 1;
    console.log(`FAIL  ${title}\n${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  }
  return runNext();
}
