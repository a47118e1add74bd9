import { z } from 'zod';
import { RUN_STATES } from '../results/run-schema.js';
import { RESULT_STATES } from '../results/schema.js';
import { loadFields } from './load-fields.js';

const text = z.string();
const count = z.number().int().nonnegative();
const name = text.describe("The point's name.");
const place = {
  index: count.describe('How many points of the run had begun, this one included.'),
  of: count.describe('Number of the points of the run.'),
};

const session = {
  queue: text.describe('Name of its queue.'),
  nodes: count.describe('Nodes that it takes.'),
  points: z.array(text).describe('Names of the points that its server is for.'),
};

const HEADER = {
  v: z.literal(1).describe('Version of the line.'),
  time: z.iso.datetime().describe('When it happened; UTC, ISO 8601.'),
  run: text.describe("Name of the run's folder."),
};

const line = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ ...HEADER, type: z.literal(type).describe('What has happened.'), ...shape });

/** A line of `--events`: what happens in a sweep, for programs that follow it. */
export const eventLineSchema = z.discriminatedUnion('type', [
  line('run-begun', { points: count.describe('Number of points to measure.') }),
  line('point-begun', { name, ...place }),
  line('phase', {
    name,
    phase: z
      .enum(['acquire', 'start', 'load', 'eval', 'stop', 'save'])
      .describe('What is done for the point now.'),
  }),
  line('load', {
    name,
    ...loadFields,
    etaS: z.number().optional().describe('Seconds until the phase ends, by its pace; unknown at first.'),
  }),
  line('warning', { name, message: text.describe('What a reader should know.') }),
  line('point-ended', {
    name,
    ...place,
    state: z.enum(RESULT_STATES).describe('How it ended; its result.json has the rest.'),
    code: text.optional().describe('Code of the error of a failed or rejected point.'),
    invalid: z.boolean().optional().describe('Whether a completed point must not be compared.'),
  }),
  line('scheduled', {
    queues: z
      .array(
        z.object({
          name: text.describe('Of a cluster, or of a machine.'),
          nodes: count.describe('Nodes that its sessions may take at the same time.'),
          sessions: count.describe('Number of sessions that wait in it.'),
        }),
      )
      .describe('Where sessions wait for nodes; those of one queue share its nodes.'),
  }),
  line('session-begun', session),
  line('session-ended', session),
  line('node-left-out', {
    node: text.describe('Name of a node that no further session is given.'),
    reason: text.describe('What happened on it last.'),
  }),
  line('points-left-out', {
    names: z.array(text).describe('Names of points that are not measured.'),
    reason: text.describe('Why they are not.'),
  }),
  line('run-ended', {
    state: z.enum(RUN_STATES).describe('How the run ended.'),
    reason: text.optional().describe('Why it ended early.'),
  }),
]);

export type EventLine = z.output<typeof eventLineSchema>;

/** An event before it has its time. */
export type Happening<E = EventLine> = E extends EventLine ? Omit<E, keyof typeof HEADER> : never;
