import { z } from 'zod';
import { FIELD } from '../fields.js';
import { entryFields, flag, multinode } from './common.js';
import { checkEntry, checkUtilization } from './rules-2026-08.js';
import { lengthFields, searchSpace } from './space.js';
import {
  agenticMultiNode,
  agenticSingleNode,
  multiNodeSpace,
  router,
  singleNodeSpace,
  transfer,
} from './spaces-2026-08.js';

const dramUtilization = z
  .number({ error: 'expected a number above 0 and up to 1' })
  .gt(0, { error: 'expected a number above 0 and up to 1' })
  .lte(1, { error: 'expected a number above 0 and up to 1' })
  .nullish()
  .describe("Share of a node's memory that offloaded KV caches may take; needed for offloading to dram.");

function scenarios<Fixed extends z.ZodType, Agentic extends z.ZodType<Readonly<Record<string, unknown>>>>(
  fixed: Fixed,
  agentic: Agentic,
) {
  const agenticCoding = z
    .strictObject({ [FIELD.searchSpace]: searchSpace(agentic), [FIELD.dramUtilization]: dramUtilization })
    .superRefine(checkUtilization);
  return z
    .strictObject({
      [FIELD.fixedSeqLen]: z
        .array(z.strictObject({ ...lengthFields, [FIELD.searchSpace]: searchSpace(fixed) }))
        .nullish()
        .describe('Requests of fixed input and output length.'),
      [FIELD.agenticCoding]: z.array(agenticCoding).nullish().describe('Replayed traces of coding agents.'),
    })
    .refine(
      (given) => (given[FIELD.fixedSeqLen]?.length ?? 0) + (given[FIELD.agenticCoding]?.length ?? 0) > 0,
      {
        error: `expected at least one scenario: ${FIELD.fixedSeqLen} or ${FIELD.agenticCoding}`,
      },
    )
    .describe('What is measured.');
}

const singleNode = z
  .strictObject({
    ...entryFields,
    [FIELD.multinode]: multinode(false),
    [FIELD.disagg]: z
      .literal(false, { error: 'expected false where multinode is false' })
      .optional()
      .describe('One node disaggregates nothing: false, if at all.'),
    [FIELD.router]: router,
    [FIELD.scenarios]: scenarios(singleNodeSpace, agenticSingleNode),
  })
  .superRefine(checkEntry);

const multiNode = z
  .strictObject({
    ...entryFields,
    [FIELD.multinode]: multinode(true),
    [FIELD.disagg]: flag.optional().describe('Prefill and decode run on different workers; default false.'),
    [FIELD.router]: router,
    [FIELD.kvP2pTransfer]: transfer,
    [FIELD.scenarios]: scenarios(multiNodeSpace, agenticMultiNode),
  })
  .superRefine(checkEntry);

/** Both forms of an entry of a master config as InferenceX had them in August 2026. */
export const entry202608 = { singleNode, multiNode };

export const master202608 = z
  .record(z.string(), z.discriminatedUnion(FIELD.multinode, [singleNode, multiNode]))
  .describe('Config entries by key.');
