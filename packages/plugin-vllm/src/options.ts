import { z } from '@sweepline/core';

/** A config entry's `options:` for the framework `vllm`. */
export const vllmOptions = z.strictObject({
  /** Appended to the server's arguments; if one is given twice, vLLM takes the last. */
  'extra-args': z.array(z.string().min(1)).default([]),
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
  /** vLLM's version, if the image's tag doesn't contain it; versions differ in their flags. */
  'engine-version': z
    .string()
    .regex(/^\d+\.\d+\.\d+/, 'a version such as 0.13.0')
    .optional(),
});

export type VllmOptions = z.output<typeof vllmOptions>;
