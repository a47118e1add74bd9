import { z } from 'zod';
import { FIELD } from '../fields.js';
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
    [FIELD.prefill]: worker.describe('Workers that prefill.'),
    [FIELD.decode]: worker.describe('Workers that decode.'),
    ...spaceFields,
  })
  .superRefine(checkConcurrencies);

const singleNode = z.strictObject({
  ...entryFields,
  [FIELD.multinode]: multinode(false),
  [FIELD.disagg]: disagg,
  [FIELD.seqLenConfigs]: z
    .array(z.strictObject({ ...lengthFields, [FIELD.searchSpace]: searchSpace(singleNodeSpace) }))
    .describe('Search spaces by input and output length.'),
});

const multiNode = z.strictObject({
  ...entryFields,
  [FIELD.multinode]: multinode(true),
  [FIELD.disagg]: disagg,
  [FIELD.seqLenConfigs]: z
    .array(z.strictObject({ ...lengthFields, [FIELD.searchSpace]: searchSpace(multiNodeSpace) }))
    .describe('Search spaces by input and output length.'),
});

/** Both forms of an entry of a master config as InferenceX had them in February 2026. */
export const entry202602 = { singleNode, multiNode };

export const master202602 = z
  .record(z.string(), z.discriminatedUnion(FIELD.multinode, [singleNode, multiNode]))
  .describe('Config entries by key.');
