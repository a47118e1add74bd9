import { z } from '@sweepline/core';

/** A config entry's `options:` for the framework `trt`. */
export const trtllmOptions = z.strictObject({
  /** Appended to trtllm-serve's arguments; if one is given twice, it takes the last. */
  'extra-args': z.array(z.string().min(1)).default([]),
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
  /** Merged over the file of extra options, maps member by member. */
  config: z.record(z.string(), z.unknown()).default({}),
});

export type TrtllmOptions = z.output<typeof trtllmOptions>;

/** The member of `config` with which an entry sets speculative decoding itself. */
export const SPECULATION = 'speculative_config';

/** Whether an entry's options, checked or not, set speculative decoding. */
export function namesSpeculation(options: unknown): boolean {
  const config = (options as { readonly config?: unknown } | undefined)?.config;
  return typeof config === 'object' && config !== null && SPECULATION in config;
}
