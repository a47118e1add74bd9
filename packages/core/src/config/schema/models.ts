import { z } from 'zod';
import { text, wholeAboveZero } from './common.js';

const aboveZero = z.number({ error: 'expected a number' }).positive({ error: 'expected a number above 0' });
const day = text.regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'expected a date such as 2026-11-25' });

const source = z.strictObject({
  what: text.describe('What it says, and how the figure follows from it.'),
  url: text
    .regex(/^https:\/\//, { error: 'expected an address that starts with https://' })
    .optional()
    .describe('Address of the source.'),
  date: day.describe('Date when it was looked up.'),
});

const model = z.strictObject({
  'weights-gib': z
    .record(text, aboveZero)
    .describe('GiB of weights by precision. A job whose devices have less is rejected.'),
  'kv-bytes-per-token': wholeAboveZero
    .optional()
    .describe('Bytes of KV cache per token, over all layers, at one byte per value.'),
  sources: z
    .array(source)
    .min(1, { error: 'expected at least one source' })
    .describe('Where the figures come from.'),
});

/** configs/models.yaml: how large models are. */
export const modelsSchema = z.record(text, model).describe('Models by the model-prefix of config entries.');

export type ModelsConfig = z.output<typeof modelsSchema>;
