import { z } from 'zod';
import { PHASES } from '../load/records/progress.js';
import { RUN_STATES } from '../results/run-schema.js';
import { RESULT_STATES } from '../results/schema.js';

const text = z.string();
const count = z.number().int().nonnegative();
const name = text.describe("The point's name.");
const place = {
  index: count.describe('Its number among the points of the run, from 1.'),
  of: count.describe('Number of the points of the run.'),
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
    phase: z.enum(['acquire', 'start', 'load', 'stop', 'save']).describe('What is done for the point now.'),
  }),
  line('load', {
    name,
    phase: z.enum(PHASES).describe('Phase of the load.'),
    done: count.describe('Requests of the phase that have ended.'),
    total: count.describe('Requests of the phase.'),
    failed: count.describe('Requests of the phase that have failed.'),
    inFlight: count.describe('Requests in flight.'),
    tokensPerS: z.number().describe('Output tokens per second of the phase so far.'),
    etaS: z.number().optional().describe('Seconds until the phase ends, by its pace; unknown at first.'),
  }),
  line('warning', { name, message: text.describe('What a reader should know.') }),
  line('point-ended', {
    name,
    ...place,
    state: z.enum(RESULT_STATES).describe('How it ended; its result.json has the rest.'),
    code: text.optional().describe('Code of the error of a failed point.'),
    invalid: z.boolean().optional().describe('Whether a completed point must not be compared.'),
  }),
  line('run-ended', {
    state: z.enum(RUN_STATES).describe('How the run ended.'),
    reason: text.optional().describe('Why it ended early.'),
  }),
]);

export type EventLine = z.output<typeof eventLineSchema>;

/** An event before it has its time. */
export type Happening<E = EventLine> = E extends EventLine ? Omit<E, keyof typeof HEADER> : never;
