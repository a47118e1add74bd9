import { z } from 'zod';
import { text, wholeAboveZero } from './common.js';

const labels = z
  .record(z.string(), z.array(text).min(1, { error: 'expected at least one node' }))
  .describe('Nodes by scheduling label.');

const hardware = z.strictObject({
  'available-cpu-dram-mib': wholeAboveZero.describe('MiB of memory that a job may take on one node.'),
  'gpus-per-node': wholeAboveZero.describe('GPUs of one node.'),
});

/** A runner config in InferenceX as of February 2026: nodes by label. */
export const runners202602 = labels;

/** A runner config in InferenceX as of August 2026. */
export const runners202608 = z.strictObject({
  labels,
  hardware: z
    .record(z.string(), hardware)
    .optional()
    .describe('What is known about the machines of a label.'),
});
