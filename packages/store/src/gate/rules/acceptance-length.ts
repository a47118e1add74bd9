import { globPattern, z } from '@sweepline/core';
import { measurementsOf } from '../../compare/measurements.js';
import { settingsByKey } from '../../compare/settings.js';
import type { Finding, GateRule } from '../rule.js';

/** As servers count it over the load: 1 + accepted / drafts. */
const METRIC = 'server_acceptance_length';

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const expected = z.strictObject({
  where: z
    .record(z.string(), value)
    .refine((where) => Object.keys(where).length > 0, 'it names no setting')
    .describe(
      'Settings of the points that it holds for, as `sweepline compare` names them (job.spec-decoding, load.prompts.kind), with * and ? in their values.',
    ),
  length: z
    .number()
    .min(1)
    .describe('Tokens a step of speculative decoding, the one without a draft included.'),
  tolerance: z.number().min(0).max(1).default(0.05).describe('Share of it by which points may differ.'),
});

const options = z.strictObject({ expected: z.array(expected).min(1) });

/**
 * Speculative decoding accepts as many drafts as it is known to. A length depends on the texts, on thinking, and on how many tokens are
 * drafted: it holds for the points whose settings are named, and for no others.
 */
export const acceptanceLength: GateRule = {
  options,
  async check({ run, points: judged, index }, given) {
    const wanted = { where: 'r.run = $run AND coalesce(r.is_valid, false)', values: { run } };
    const points = await measurementsOf(index.connection, [], wanted);
    // A column of the index that runs without drafts do not have.
    const counted = new Map(judged.map(({ point, numbers }) => [point, numbers[METRIC]]));
    const settings = await Promise.all(points.map(settingsByKey));
    return options.parse(given).expected.flatMap(({ where, length, tolerance }): readonly Finding[] => {
      const conditions = Object.entries(where).map(([key, glob]) => [key, globPattern(glob)] as const);
      const found = points.filter((_, at) =>
        conditions.every(([key, pattern]) => pattern.test(settings[at]?.get(key) ?? '')),
      );
      if (found.length > 0)
        return found.flatMap(({ point }) => findingOf(point, counted.get(point), { length, tolerance }));
      const asked = Object.entries(where).map((parts) => parts.join(': '));
      return [{ status: 'unsure', message: `no valid point has the settings ${asked.join(', ')}` }];
    });
  },
};

function findingOf(
  point: string,
  counted: number | undefined,
  { length, tolerance }: Pick<z.output<typeof expected>, 'length' | 'tolerance'>,
): readonly Finding[] {
  if (counted === undefined)
    return [{ point, status: 'unsure', message: 'its server does not count accepted drafts' }];
  if (Math.abs(counted - length) <= tolerance * length) return [];
  const percent = Number((tolerance * 100).toFixed(2));
  const message = `${counted.toFixed(2)} tokens a step of speculative decoding, not ${length} ± ${percent} %`;
  return [{ point, status: 'failed', message }];
}
