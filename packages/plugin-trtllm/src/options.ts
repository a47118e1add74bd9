import { z } from '@sweepline/core';

/** A config entry's `options:` for the framework `trt`. */
export const trtllmOptions = z.strictObject({
  /** Appended to trtllm-serve's arguments; of two, it takes the last. */
  'extra-args': z.array(z.string().min(1)).default([]),
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
  /** Merged over the file of extra options, maps by their members. */
  config: z.record(z.string(), z.unknown()).default({}),
});

export type TrtllmOptions = z.output<typeof trtllmOptions>;

/** How an entry says itself how it speculates: a member of `config`. */
export const SPECULATION = 'speculative_config';

/** Whether an entry's options, checked or not, say how it speculates. */
export function namesSpeculation(options: unknown): boolean {
  const config = (options as { readonly config?: unknown } | undefined)?.config;
  return typeof config === 'object' && config !== null && SPECULATION in config;
}
