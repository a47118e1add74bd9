import { z } from 'zod';
import type { RunRecord } from '../../load/records/record.js';

export const markSchema = z
  .object({
    code: z.string().describe('Its name; docs/metrics.md lists them.'),
    severity: z
      .enum(['note', 'invalid'])
      .describe('`invalid` takes the result out of plots, rows and comparisons.'),
    message: z.string().describe('What was found, with figures.'),
  })
  .describe('A reason to read a result with care.');

/** A reason to read a result with care; `invalid` takes it out of plots and comparisons. */
export type Mark = Readonly<z.output<typeof markSchema>>;

export type Check = (run: RunRecord) => Mark | undefined;

export function note(code: string, message: string): Mark {
  return { code, severity: 'note', message };
}

export function invalid(code: string, message: string): Mark {
  return { code, severity: 'invalid', message };
}
