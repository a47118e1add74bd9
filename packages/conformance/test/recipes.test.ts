import { expect, it } from 'vitest';
import { differences, labelOf, report } from './compare.js';
import { plans, strictPlans } from './plans.js';
import { describeRows, groupBy, type Row } from './recordings.js';

function agrees(rows: readonly Row[]): void {
  for (const [framework, some] of groupBy(rows, ({ job }) => job.framework)) {
    it(`${framework}: ${some.length} jobs are planned strictly as the original launches them`, async () => {
      const planned = await strictPlans(some.map(({ job }) => job));
      expect(report(some.map((row, index) => [labelOf(row), differences(planned[index]!, row)]))).toBe('');
    });
  }
}

describeRows('recipes', (rows) => {
  agrees(rows);

  it('refuses none of the recorded jobs', async () => {
    const planned = await plans(rows.map(({ job }) => job));
    expect(report(rows.map((row, at) => [labelOf(row), reasons(planned[at]?.rejected)]))).toBe('');
  });
});

describeRows('probes', agrees);

function reasons(rejected: { readonly reason: string } | undefined): readonly string[] {
  return rejected === undefined ? [] : [rejected.reason];
}
