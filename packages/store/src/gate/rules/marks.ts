import { z } from '@sweepline/core';
import type { GateRule } from '../rule.js';

const options = z.strictObject({
  codes: z.array(z.string()).default([]).describe('Codes of notes that count as well, such as stall.'),
  except: z.array(z.string()).default([]).describe('Codes that do not count.'),
});

/** No point may have a mark that makes it invalid, nor one of those that are named. */
export const marks: GateRule = {
  options,
  check({ points }, given) {
    const { codes, except } = options.parse(given);
    return points.flatMap(({ point, marks: all }) =>
      all
        .filter(
          ({ code, severity }) => (severity === 'invalid' || codes.includes(code)) && !except.includes(code),
        )
        .map(({ code, message }) => ({ point, status: 'failed' as const, message: `${code}: ${message}` })),
    );
  },
};
