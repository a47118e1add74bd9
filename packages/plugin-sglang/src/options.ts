import { z } from '@sweepline/core';

const args = z.array(z.string().min(1)).default([]);

/** A config entry's `options:` for the framework `sglang`. */
export const sglangOptions = z.strictObject({
  /** Appended to the server's arguments; where one is given twice, SGLang takes the last. */
  'extra-args': args,
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
  /** SGLang's version, where the image's tag doesn't tell it; some settings have moved between versions. */
  'engine-version': z
    .string()
    .regex(/^\d+\.\d+\.\d+/, 'a version such as 0.5.8')
    .optional(),
});

export type SglangOptions = z.output<typeof sglangOptions>;

/** A config entry's `options:` for the framework `sglang-disagg`. */
export const disaggOptions = z.strictObject({
  /**
   * `submit` hands the job to the submit script that InferenceX uses; `native` starts prefill, decode and router itself.
   * By default jobs that such a script is for, and that say how many nodes it should take, are submitted.
   */
  launch: z.enum(['submit', 'native']).optional(),
  /** How the KV cache gets from prefill to decode; by default as the entry's `kv-p2p-transfer` says, else mooncake. */
  'transfer-backend': z.enum(['mooncake', 'nixl', 'mori', 'ascend', 'fake']).optional(),
  /** InfiniBand devices for that, with commas between; by default SGLang looks for them. */
  'ib-device': z.string().min(1).optional(),
  /** Appended to the arguments of each kind of process. */
  'prefill-args': args,
  'decode-args': args,
  'router-args': args,
  /** Added to the environment of prefill and decode workers. */
  env: z.record(z.string(), z.string()).default({}),
});

export type DisaggOptions = z.output<typeof disaggOptions>;
