import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';

/** Where a part of the recordings of InferenceX is, if they are on this machine. */
export function recordings(part: string): string {
  const beside = join(import.meta.dirname, '../../../../shared/conformance');
  return resolve(process.env['SWEEPLINE_CONFORMANCE'] ?? beside, part);
}

/** A suite over recordings; without them it is one skipped test that says what is missing. */
export function describeRecorded(folder: string, title: string, suite: () => void): void {
  if (existsSync(folder)) {
    describe(title, suite);
    return;
  }
  describe(title, () => {
    it('agrees with recordings of InferenceX', ({ skip }) =>
      skip(`there are none in ${folder}; SWEEPLINE_CONFORMANCE names their folder`));
  });
}
