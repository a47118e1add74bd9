import { globPattern, z } from '@sweepline/core';
import { changedSettings } from '../../compare/changed-settings.js';
import { otherSide, PREVIOUS } from '../../compare/previous.js';
import type { SettingDifference } from '../../compare/settings.js';
import type { GateRule } from '../rule.js';

const options = z.strictObject({
  against: z
    .string()
    .default(PREVIOUS)
    .describe('What `sweepline compare` takes; previous: the last run before with a point of this one.'),
  allow: z
    .array(z.string())
    .default([])
    .describe('Settings that may differ, as `sweepline compare` names them: job.image, plan.*'),
});

/** Points may not differ from those of another run in settings that nobody meant to change. */
export const settings: GateRule = {
  options,
  async check(run, given) {
    const { against, allow } = options.parse(given);
    const other = await otherSide(run.index, run.run, against);
    if (other === undefined) return [{ status: 'unsure', message: 'no run before has a point of this one' }];
    const allowed = allow.map((pattern) => globPattern(pattern));
    const points = await changedSettings(run.index, [other, run.run], run.context);
    if (points.length === 0)
      return [{ status: 'unsure', message: `${other} has no measured point of this one` }];
    return points.flatMap(({ point, changed }) =>
      changed
        .filter(({ key }) => !allowed.some((pattern) => pattern.test(key)))
        .map((difference) => ({
          point,
          status: 'failed' as const,
          message: differenceText(difference, other),
        })),
    );
  },
};

function differenceText({ key, a, b }: SettingDifference, other: string): string {
  return `${key} is ${valueText(b)}, and ${valueText(a)} in ${other}`;
}

function valueText(value: string | undefined): string {
  return value === undefined ? 'missing' : value;
}
