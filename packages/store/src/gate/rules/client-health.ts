import { z } from '@sweepline/core';
import type { GateRule } from '../rule.js';

/** Marks that say that the load generator, not the server, was slow. */
const CLIENT = /^(client-|slow-client)/;

const options = z.strictObject({});

/** The client has to have been fast enough in each point: even a note about it counts. */
export const clientHealth: GateRule = {
  options,
  check: ({ points }) =>
    points.flatMap(({ point, marks }) =>
      marks
        .filter(({ code }) => CLIENT.test(code))
        .map(({ code, message }) => ({ point, status: 'failed' as const, message: `${code}: ${message}` })),
    ),
};
