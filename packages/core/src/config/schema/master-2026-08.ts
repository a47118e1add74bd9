import { z } from 'zod';
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
  .describe("Share of a node's memory that offloaded KV caches may take; required for offloading to dram.");

function scenarios<Fixed extends z.ZodType, Agentic extends z.ZodType<Readonly<Record<string, unknown>>>>(
  fixed: Fixed,
  agentic: Agentic,
) {
  const agenticCoding = z
    .strictObject({ 'search-space': searchSpace(agentic), 'dram-utilization': dramUtilization })
    .superRefine(checkUtilization);
  return z
    .strictObject({
      'fixed-seq-len': z
        .array(z.strictObject({ ...lengthFields, 'search-space': searchSpace(fixed) }))
        .nullish()
        .describe('Requests of fixed input and output length.'),
      'agentic-coding': z.array(agenticCoding).nullish().describe('Replayed traces of coding agents.'),
    })
    .refine((given) => (given['fixed-seq-len']?.length ?? 0) + (given['agentic-coding']?.length ?? 0) > 0, {
      error: `expected at least one scenario: fixed-seq-len or agentic-coding`,
    })
    .describe('What is measured.');
}

const singleNode = z
  .strictObject({
    ...entryFields,
    multinode: multinode(false),
    disagg: z
      .literal(false, { error: 'expected false if multinode is false' })
      .optional()
      .describe('Must be false, if given: a single node is not disaggregated.'),
    router,
    scenarios: scenarios(singleNodeSpace, agenticSingleNode),
  })
  .superRefine(checkEntry);

const multiNode = z
  .strictObject({
    ...entryFields,
    multinode: multinode(true),
    disagg: flag.optional().describe('Prefill and decode run on different workers; default false.'),
    router,
    'kv-p2p-transfer': transfer,
    scenarios: scenarios(multiNodeSpace, agenticMultiNode),
  })
  .superRefine(checkEntry);

/** Both forms of a master config's entry in InferenceX as of August 2026. */
export const entry202608 = { singleNode, multiNode };

export const master202608 = z
  .record(z.string(), z.discriminatedUnion('multinode', [singleNode, multiNode]))
  .describe('Config entries by key.');
