import { z } from 'zod';
import { text, wholeAboveZero } from './common.js';
import { source } from './source.js';

const aboveZero = z.number({ error: 'expected a number' }).positive({ error: 'expected a number above 0' });
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
