import { z } from 'zod';
import { loadFields } from './load-fields.js';

export const STATUS_FILE = 'status.json';

const text = z.string();
const count = z.number().int().nonnegative();

/** The content of `status.json`: where a sweep that runs is, written anew every few seconds. run.json and the results are the truth. */
export const statusSchema = z.object({
  schema: z.literal('sweepline.status/1').describe('Kind and version of this file.'),
  time: z.iso.datetime().describe('When it was written; UTC, ISO 8601.'),
  run: text.describe("Name of the run's folder."),
  points: count.describe('Number of points of the run.'),
  ended: count.describe('Points that were completed or rejected, or have failed, of earlier processes too.'),
  completed: count.describe('Points that have been measured.'),
  invalid: count.describe('Completed points whose numbers must not be compared.'),
  failed: count.describe('Points that have failed.'),
  rejected: count.optional().describe('Points whose plans were refused.'),
  leftOut: count.describe('Points that are not measured, as another one of their config has failed.'),
  failures: z
    .record(text, count)
    .describe(
      'Failed points by the part of the launch that failed; `plan`: errors of the plan or workspace.',
    ),
  leftS: z.number().optional().describe('Estimated seconds until the end; unknown before a point has ended.'),
  leftErrorS: z.number().optional().describe('Two standard errors of that.'),
  queues: z
    .array(
      z.object({
        name: text.describe('Of a cluster, or of a machine.'),
        nodes: count.describe('Nodes that its sessions may take at the same time.'),
        taken: count.describe('Nodes that its sessions take now.'),
        running: count.describe('Sessions that run, or wait for their nodes.'),
        waiting: count.describe('Sessions that have not begun.'),
      }),
    )
    .describe('Where sessions wait for nodes.'),
  open: z
    .array(
      z.object({
        name: text.describe("The point's name."),
        queue: text.describe('Name of its queue.'),
        phase: z
          .enum(['acquire', 'start', 'load', 'eval', 'stop', 'save'])
          .describe('What is done for it now.'),
        forS: z.number().nonnegative().describe('Seconds for which it has been in that phase.'),
        load: z.object(loadFields).optional().describe('While it is loaded.'),
      }),
    )
    .describe('Points that are being measured.'),
  nodesLeftOut: z
    .array(text)
    .describe('Nodes that no further session is given, after failures of their own.'),
});

export type StatusFile = z.output<typeof statusSchema>;
