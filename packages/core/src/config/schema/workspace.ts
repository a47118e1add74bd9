import { z } from 'zod';
import { text } from './common.js';

/** The minutes of a year: a higher limit is a mistake. */
const MOST_MINUTES = 525_600;

const runner = z.strictObject({
  'time-limit': z
    .number()
    .int()
    .positive()
    .max(MOST_MINUTES)
    .optional()
    .describe('Time limit in minutes for the nodes of a point, if the launcher asks a scheduler.'),
  sku: text.describe('Name of the SKU, as in a hardware plugin.'),
  launcher: text.default('local').describe('Name of the launcher that gets its nodes; default local.'),
  detect: z
    .boolean()
    .default(true)
    .describe(
      'Whether Sweepline checks that nodes have the SKU before a job runs there; default true. If false, results are marked.',
    ),
});

const share = z.number().positive().max(1);

/** Limits beyond which a client counts as too slow: load/client-limits.ts has the defaults and the reasons. */
const clientLimits = z.strictObject({
  'lag-share-of-ttft': z
    .number()
    .positive()
    .optional()
    .describe('Mean send lag as a share of the median TTFT; default 0.05.'),
  'mean-lag-share-of-ttft': z
    .number()
    .positive()
    .optional()
    .describe('Mean event-loop lag as a share of the median TTFT; default 0.025.'),
  'mean-lag-floor-ms': z
    .number()
    .nonnegative()
    .optional()
    .describe('Mean event-loop lags up to this always pass; default 1.5.'),
  'p99-lag-share-of-ttft': z
    .number()
    .positive()
    .optional()
    .describe('Event-loop lag (p99) as a share of the median TTFT; default 0.2.'),
  'lag-floor-ms': z
    .number()
    .nonnegative()
    .optional()
    .describe('Event-loop lags (p99) and mean send lags up to this always pass; default 20.'),
  'cpu-share': share
    .optional()
    .describe('CPU share of the busiest thread, including the time that it waited for a core; default 0.95.'),
  'late-timer-share': share
    .optional()
    .describe('Share of timers that fired more than 5 ms late; default 0.3.'),
  'frozen-share': share
    .optional()
    .describe('Time that a thread was paused, as a share of the window; default 0.04.'),
  'throttled-share': share
    .optional()
    .describe('Time that the client was throttled by a CPU limit, as a share of the window; default 0.05.'),
  'server-lost-share': share
    .optional()
    .describe(
      'Time that a thread of a server next to the client waited for a CPU that others used, as a share of the window; default 0.25.',
    ),
  'dropped-share': z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Share of requests that lost their connection or were sent again; default 0.01.'),
  'major-faults-per-s': z
    .number()
    .nonnegative()
    .optional()
    .describe('Page faults per second that needed the disk; default 10.'),
});

const client = z.strictObject({
  place: z
    .enum(['server-node', 'own-node', 'controller'])
    .default('server-node')
    .describe(
      "Where the load process runs: on the endpoint's node (server-node, the default and InferenceX's way), on a separate " +
        'node (own-node), or where Sweepline runs (controller).',
    ),
  workers: z
    .union([z.literal('auto'), z.number().int().positive()], {
      error: 'expected auto or a number of threads',
    })
    .optional()
    .describe('Threads that send requests; default auto: as many as streams need and cores allow.'),
  'idle-limit-s': z
    .number()
    .positive()
    .max(1_000_000)
    .optional()
    .describe(
      'Seconds without progress in any request (no byte, none sent, none ended) after which a load is ended; default 600.',
    ),
  limits: clientLimits
    .default({})
    .describe('Limits beyond which the client distorts the results, which makes them invalid.'),
  tokenizer: z
    .literal('model', { error: 'expected model; tokenizers lists exceptions by model' })
    .optional()
    .describe(
      "`model`: prompts are texts made with the tokenizer of each job's model, as InferenceX sends them. The model is a repository in " +
        'the Hugging Face cache of the node, or a folder on it. By default prompts are made without a tokenizer.',
    ),
  tokenizers: z
    .record(z.string(), z.union([text, z.literal(false)], { error: 'expected a tokenizer, or false' }))
    .default({})
    .describe(
      'By model, as jobs name it: another tokenizer (a repository, or a folder or tokenizer.json whose path begins with / or ./), ' +
        'or false for none.',
    ),
});

/** configs/sweepline.yaml: what a workspace uses. Paths are relative to the workspace's root. */
export const workspaceSchema = z.strictObject({
  plugins: z.array(text).default([]).describe('Plugin packages, by name or by path.'),
  'default-configs': z
    .array(text)
    .default([])
    .describe('Config files that sweep, matrix and plan read if none is given.'),
  'results-dir': text.default('results').describe('Folder for results; default results.'),
  client: client
    .default({ place: 'server-node', limits: {}, tokenizers: {} })
    .describe('The load generator of sweeps.'),
  runners: z
    .record(z.string(), runner)
    .default({})
    .describe('Runner labels. A label that is the name of an SKU needs no entry.'),
});

export type WorkspaceConfig = z.output<typeof workspaceSchema>;
