import { z } from 'zod';
import { entryFields, flag, multinode } from './common.js';
import {
  checkConcurrencies,
  lengthFields,
  singleNodeFields,
  searchSpace,
  spaceFields,
  workerFields,
} from './space.js';

const disagg = flag.optional().describe('Prefill and decode run on different workers; default false.');

const singleNodeSpace = z
  .strictObject({ ...singleNodeFields, ...spaceFields })
  .superRefine(checkConcurrencies);

const worker = z.strictObject(workerFields);

const multiNodeSpace = z
  .strictObject({
    prefill: worker.describe('Workers that prefill.'),
    decode: worker.describe('Workers that decode.'),
    ...spaceFields,
  })
  .superRefine(checkConcurrencies);

const singleNode = z.strictObject({
  ...entryFields,
  multinode: multinode(false),
  disagg,
  'seq-len-configs': z
    .array(z.strictObject({ ...lengthFields, 'search-space': searchSpace(singleNodeSpace) }))
    .describe('Search spaces by input and output length.'),
});

const multiNode = z.strictObject({
  ...entryFields,
  multinode: multinode(true),
  disagg,
  'seq-len-configs': z
    .array(z.strictObject({ ...lengthFields, 'search-space': searchSpace(multiNodeSpace) }))
    .describe('Search spaces by input and output length.'),
});

/** Both forms of a master config's entry in InferenceX as of February 2026. */
export const entry202602 = { singleNode, multiNode };

export const master202602 = z
  .record(z.string(), z.discriminatedUnion('multinode', [singleNode, multiNode]))
  .describe('Config entries by key.');
