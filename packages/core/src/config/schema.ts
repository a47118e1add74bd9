import { z } from 'zod';

const positive = z.number().int().positive();
const text = z.string().min(1);

/** Choices of one search space: a range of concurrencies, or a list of them. */
const singleNodeSearchSpace = z
  .strictObject({
    tp: positive,
    ep: positive.default(1),
    'dp-attn': z.boolean().default(false),
    'spec-decoding': z.enum(['none', 'mtp', 'draft_model']).default('none'),
    'conc-start': positive.optional(),
    'conc-end': positive.optional(),
    'conc-list': z.array(positive).min(1).optional(),
  })
  .superRefine((space, context) => {
    const range = space['conc-start'] !== undefined && space['conc-end'] !== undefined;
    const partial = !range && (space['conc-start'] !== undefined || space['conc-end'] !== undefined);
    if (partial || range === (space['conc-list'] !== undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'give either conc-start and conc-end, or conc-list',
      });
    } else if (range && (space['conc-start'] ?? 0) > (space['conc-end'] ?? 0)) {
      context.addIssue({ code: 'custom', path: ['conc-end'], message: 'conc-end is below conc-start' });
    }
  });

const seqLenConfig = z.strictObject({
  /** Input and output tokens of a request. */
  isl: positive,
  osl: positive,
  'search-space': z.array(singleNodeSearchSpace).min(1),
});

/** One keyed entry of a master config. */
export const configEntrySchema = z.strictObject({
  /** Container image with tag; `host` for frameworks that run without a container. */
  image: text,
  model: text,
  'model-prefix': text,
  /** Runner label. */
  runner: text,
  precision: text,
  framework: text,
  multinode: z.literal(false),
  disagg: z.literal(false).default(false),
  'seq-len-configs': z.array(seqLenConfig).min(1),
  /** For the framework plugin; checked by its schema. */
  options: z.record(z.string(), z.unknown()).optional(),
});

/** A master config: entries by key. */
export const masterConfigSchema = z.record(z.string(), configEntrySchema);

/** configs/sweepline.yaml: what a workspace uses. Paths are relative to the workspace's root. */
export const workspaceSchema = z.strictObject({
  /** Plugin packages, by name or by path. */
  plugins: z.array(text).default([]),
  /** What `sweep`, `matrix` and `plan` read when no config file is given. */
  'default-configs': z.array(text).default([]),
  'results-dir': text.default('results'),
  /** Runner labels: their SKU and the launcher that gets their nodes. A label that is a SKU's name needs no entry. */
  runners: z.record(z.string(), z.strictObject({ sku: text, launcher: text.default('local') })).default({}),
});

export type ConfigEntry = z.output<typeof configEntrySchema>;
export type MasterConfig = z.output<typeof masterConfigSchema>;
export type WorkspaceConfig = z.output<typeof workspaceSchema>;
