import { z } from 'zod';
import { FIELD } from '../fields.js';
import { flag, text, wholeAboveZero } from './common.js';

const atLeastOne = { error: 'expected at least one' };
/** For readers alone, so that it may be empty. */
const prose = z.string({ error: 'expected text' });

const common = {
  [FIELD.configKeys]: z
    .array(text)
    .min(1, atLeastOne)
    .describe('Keys of the entries that changed; `*` stands for anything.'),
  [FIELD.description]: z.array(prose).min(1, atLeastOne).describe('What changed, for readers.'),
  [FIELD.prLink]: prose.describe('Link to the pull request.'),
  [FIELD.evalsOnly]: flag.optional().describe('Run the evals and no benchmark; default false.'),
};

/** An entry of the changelog that starts sweeps, in the dialect of February 2026. */
export const changelogEntry202602 = z.strictObject(common);

/** The same in the dialect of August 2026, which has more fields. */
export const changelogEntry202608 = z
  .strictObject({
    ...common,
    [FIELD.allEvals]: flag.optional().describe('Run every eval, not the chosen ones; default false.'),
    [FIELD.appendOnly]: flag
      .optional()
      .describe('Run only what was added, and keep the points there are; default false.'),
    [FIELD.evalMinPrefillEp]: wholeAboveZero
      .nullish()
      .describe('Leave out multi-node evals whose prefill workers have a lower ep.'),
    [FIELD.scenarioType]: z
      .array(z.enum([FIELD.fixedSeqLen, FIELD.agenticCoding]))
      .min(1, atLeastOne)
      .nullish()
      .describe('Run only these kinds of scenarios.'),
  })
  .refine(
    (entry) =>
      entry[FIELD.appendOnly] !== true ||
      (entry[FIELD.evalsOnly] !== true &&
        entry[FIELD.allEvals] !== true &&
        entry[FIELD.evalMinPrefillEp] == null),
    { error: `expected no choice of evals beside it`, path: [FIELD.appendOnly] },
  );

const NEWEST_LAST = 'Changes, the newest last; entries are only appended.';

export const changelog202602 = z.array(changelogEntry202602).describe(NEWEST_LAST);
export const changelog202608 = z.array(changelogEntry202608).describe(NEWEST_LAST);
