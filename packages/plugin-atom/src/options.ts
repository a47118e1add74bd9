import { z } from '@sweepline/core';

/** A config entry's `options:` for the framework `atom`. */
export const atomOptions = z.strictObject({
  /** Tokens of a block of the KV cache; 16 if absent. Servers that decode speculatively choose it themselves. */
  'block-size': z.number().int().positive().optional(),
  /** Appended to the server's arguments; where one is given twice, ATOM takes the last. */
  'extra-args': z.array(z.string().min(1)).default([]),
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
});

export type AtomOptions = z.output<typeof atomOptions>;
