import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, it } from 'vitest';

/** Where a part of the recordings of InferenceX is, if they are on this machine. */
export function recordings(part: string): string {
  const beside = join(import.meta.dirname, '../../../../shared/conformance');
  return resolve(process.env['SWEEPLINE_CONFORMANCE'] || beside, part);
}

/** A suite over recordings; without them it is one skipped test that says what is missing. */
export function describeRecorded(folder: string, title: string, suite: () => void): void {
  // CI looks for this: with recordings on the machine, none of these suites may be skipped (.ci/summary.js).
  const named = `${title} [recorded: ${basename(folder)}]`;
  if (existsSync(folder)) {
    describe(named, suite);
    return;
  }
  describe(named, () => {
    it('agrees with recordings of InferenceX', ({ skip }) =>
      skip(`there are none in ${folder}; SWEEPLINE_CONFORMANCE names their folder`));
  });
}
