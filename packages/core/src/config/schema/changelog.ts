import { z } from 'zod';
import { flag, text, wholeAboveZero } from './common.js';

const atLeastOne = { error: 'expected at least one' };
/** Only for readers, so it may be empty. */
const prose = z.string({ error: 'expected text' });

const common = {
  'config-keys': z
    .array(text)
    .min(1, atLeastOne)
    .describe('Keys of the entries that changed; `*` matches anything.'),
  description: z.array(prose).min(1, atLeastOne).describe('What changed, for readers.'),
  'pr-link': prose.describe('Link to the pull request.'),
  'evals-only': flag.optional().describe('Run only the evals, no benchmarks; default false.'),
};

/** An entry of the changelog that starts sweeps, in the dialect of February 2026. */
export const changelogEntry202602 = z.strictObject(common);

/** The same in the dialect of August 2026, which has more fields. */
export const changelogEntry202608 = z
  .strictObject({
    ...common,
    'all-evals': flag.optional().describe('Run every eval, not only the chosen ones; default false.'),
    'append-only': flag
      .optional()
      .describe('Run only what was added, and keep existing points; default false.'),
    'eval-min-prefill-ep': wholeAboveZero
      .nullish()
      .describe('Leave out multi-node evals whose prefill workers have a lower ep.'),
    'scenario-type': z
      .array(z.enum(['fixed-seq-len', 'agentic-coding']))
      .min(1, atLeastOne)
      .nullish()
      .describe('Run only these types of scenarios.'),
  })
  .refine(
    (entry) =>
      entry['append-only'] !== true ||
      (entry['evals-only'] !== true && entry['all-evals'] !== true && entry['eval-min-prefill-ep'] == null),
    { error: `expected no other choice of evals next to it`, path: ['append-only'] },
  );

const NEWEST_LAST = 'Changes, the newest last; entries are only appended.';

export const changelog202602 = z.array(changelogEntry202602).describe(NEWEST_LAST);
export const changelog202608 = z.array(changelogEntry202608).describe(NEWEST_LAST);
