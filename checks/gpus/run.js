// @ts-check
/**
 * Sweeps this machine with stand-ins for GPUs, without faults and with each: node checks/gpus/run.js [--only WORDS]. Needs a build and
 * Linux. checks/docker and checks/slurm do the same through their launchers.
 */
import { parseArgs } from 'node:util';
import { FAULTS } from './faults.js';
import { judgeClean, judgeFault, judgeVisible } from './judge.js';
import { sweepGpus } from './sweep.js';

const VENDORS = /** @type {const} */ (['nvidia', 'amd']);
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

/** @type {{ title: string, run: () => Promise<string> }[]} */
const scenarios = VENDORS.flatMap((vendor) => [
  { title: `${vendor}: all well`, run: () => clean(vendor) },
  ...FAULTS.filter(({ onNodes }) => !onNodes).map((fault) => ({
    title: `${vendor}: ${fault.title}`,
    run: async () => judgeFault(await sweepGpus({ vendor, launcher: 'local' }, fault), fault),
  })),
]);
let failed = 0;
for (const { title, run } of scenarios.filter((one) => one.title.includes(values.only))) {
  try {
    console.log(`ok    ${title}\n      ${await run()}`);
  } catch (thrown) {
    failed += 1;
    console.log(`FAIL  ${title}\n${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  }
}
console.log(failed === 0 ? 'all hold' : `${failed} FAILED`);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {typeof VENDORS[number]} vendor */
async function clean(vendor) {
  const outcome = await sweepGpus({ vendor, launcher: 'local' });
  judgeVisible(outcome, vendor, { prefill: '0,1', decode: '2,3' });
  return judgeClean(outcome, vendor, { prefill: [0, 1], decode: [2, 3] });
}
