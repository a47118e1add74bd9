import { z } from '@sweepline/core';

const args = z.array(z.string().min(1)).default([]);

/** A config entry's `options:` for the framework `sglang`. */
export const sglangOptions = z.strictObject({
  /** Appended to the server's arguments; if one is given twice, SGLang takes the last. */
  'extra-args': args,
  /** Added to the server's environment. */
  env: z.record(z.string(), z.string()).default({}),
  /** SGLang's version, if the image's tag doesn't contain it: some settings differ between versions. */
  'engine-version': z
    .string()
    .regex(/^\d+\.\d+\.\d+/, 'a version such as 0.5.8')
    .optional(),
});

export type SglangOptions = z.output<typeof sglangOptions>;

/** A config entry's `options:` for the framework `sglang-disagg`. */
export const disaggOptions = z.strictObject({
  /**
   * `native`, the default, starts prefill, decode and router itself; `submit` passes the job to the submit script that InferenceX uses,
   * whose plan can be printed and not run.
   */
  launch: z.enum(['submit', 'native']).optional(),
  /** How the KV cache moves from prefill to decode. Default: the entry's `kv-p2p-transfer`, else mooncake. */
  'transfer-backend': z.enum(['mooncake', 'nixl', 'mori', 'ascend', 'fake']).optional(),
  /** InfiniBand devices for it, separated by commas. Default: SGLang looks for them. */
  'ib-device': z.string().min(1).optional(),
  /** Appended to the arguments of each kind of process. */
  'prefill-args': args,
  'decode-args': args,
  'router-args': args,
  /** Added to the environment of prefill and decode workers. */
  env: z.record(z.string(), z.string()).default({}),
});

export type DisaggOptions = z.output<typeof disaggOptions>;
