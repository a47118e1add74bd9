import { z } from '@sweepline/core';

/** A config entry's `options:` for the framework `atom`. */
export const atomOptions = z.strictObject({
  /** Tokens per block of the KV cache. Default: 16. Servers with speculative decoding choose it themselves. */
  'block-size': z.number().int().positive().optional(),
  /** Appended to the server's arguments; if one is given twice, ATOM takes the last. */
  'extra-args': z.array(z.string().min(1)).default([]),
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
});

export type AtomOptions = z.output<typeof atomOptions>;
