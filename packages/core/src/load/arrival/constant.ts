import { z } from 'zod';
import type { ArrivalPattern } from './arrival.js';
import { rate, runSchedule, scheduled, scheduledConnections } from './schedule.js';

const schema = z.strictObject({ pattern: z.literal('constant'), rate, ...scheduled });

/** Requests at equal distances. */
export const constant: ArrivalPattern<typeof schema> = {
  schema,
  run: (arrival, context) => runSchedule((index) => (index * 1000) / arrival.rate, arrival, context),
  connections: scheduledConnections,
};
