import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const RUN = join(import.meta.dirname, '../../../checks/slurm/run.js');
/** Part of the check; the rest takes minutes. */
const PART = 'cancelled by another';

it('holds nodes of a real Slurm, and says that they were taken away', { timeout: 240_000 }, ({ skip }) => {
  skip(process.env['CI'] === undefined, 'it is for CI');
  const said = execFileSync(process.execPath, [RUN, '--only', PART], { encoding: 'utf8' });
  skip(said.startsWith('skipped: '), said.trim());
  expect(said).toContain('all hold');
  expect(said.match(/^ok .*cancelled by another/gm)).toHaveLength(2);
});
