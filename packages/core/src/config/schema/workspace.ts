import { z } from 'zod';
import { text } from './common.js';

const runner = z.strictObject({
  sku: text.describe('Name of the SKU, as a hardware plugin has it.'),
  launcher: text.default('local').describe('Name of the launcher that gets its nodes; default local.'),
});

/** configs/sweepline.yaml: what a workspace uses. Paths are relative to the workspace's root. */
export const workspaceSchema = z.strictObject({
  plugins: z.array(text).default([]).describe('Plugin packages, by name or by path.'),
  'default-configs': z
    .array(text)
    .default([])
    .describe('What sweep, matrix and plan read when no config file is given.'),
  'results-dir': text.default('results').describe('Folder for results; default results.'),
  runners: z
    .record(z.string(), runner)
    .default({})
    .describe("Runner labels. One that is an SKU's name needs no entry."),
});

export type WorkspaceConfig = z.output<typeof workspaceSchema>;
