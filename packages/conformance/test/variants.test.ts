import { expect, it } from 'vitest';
import { differences, labelOf, report } from './compare.js';
import { strictPlans } from './plans.js';
import { describeRows, groupBy, type Row } from './recordings.js';

/** Variants that change plans, as options of the command; the others only change how jobs run. */
const FLAGS: readonly (readonly [RegExp, (row: Row) => readonly string[]])[] = [
  [/^PORT unset$/, () => []],
  [/^PORT=\d+$/, ({ job_env: env }) => ['--port', env?.['PORT'] ?? '']],
  [/^MEC firmware/, ({ cfg }) => ['--fact', `mec-firmware=${String(cfg?.['mec'])}`]],
  [/^(?:ROCR_VISIBLE_DEVICES|BLOCK_SIZE)=/, ({ variant = '' }) => ['--env', variant]],
];

describeRows('variants', (rows) => {
  for (const [variant, some] of groupBy(rows, (row) => row.variant ?? '')) {
    const flags = FLAGS.find(([pattern]) => pattern.test(variant))?.[1];
    if (flags === undefined) continue;
    it(`${variant}: ${some.length} jobs are planned strictly as the original launches them`, async () => {
      const planned = await strictPlans(
        some.map(({ job }) => job),
        flags(some[0]!),
      );
      expect(report(some.map((row, index) => [labelOf(row), differences(planned[index]!, row)]))).toBe('');
    });
  }
});
