import { z } from '@sweepline/core';

const args = z.array(z.string().min(1)).default([]);

/** A config entry's `options:` for all Dynamo frameworks. */
export const dynamoOptions = z.strictObject({
  /**
   * `srtctl` passes the job to srt-slurm with the recipe named by CONFIG_FILE; `native` starts frontend and workers without it. Default:
   * `srtctl` for jobs with a CONFIG_FILE on a cluster with settings for srt-slurm.
   */
  launch: z.enum(['srtctl', 'native']).optional(),
  /** Path of the model for native workers. Default: the entry's `model`, which is downloaded. */
  model: z.string().min(1).optional(),
  /** Dynamo's version, if the image's tag doesn't contain it: some flags differ between versions. */
  version: z
    .string()
    .regex(/^\d+\.\d+/, 'a version such as 1.4.2')
    .optional(),
  /** Python with Dynamo. */
  python: z.string().min(1).default('python3'),
  /**
   * How workers are found: with files in the job's folder, through an etcd that is started for the launch, or through the one at this
   * address. Default: files where all workers fit on one node, otherwise an etcd of the launch.
   */
  discovery: z.union([z.enum(['file', 'etcd']), z.strictObject({ etcd: z.url() })]).optional(),
  /** `loopback` keeps the traffic between processes on one machine. */
  network: z.enum(['node', 'loopback']).default('node'),
  'router-mode': z.enum(['round-robin', 'random', 'kv']).default('round-robin'),
  /** Simulated seconds per second of a mocker; 0 answers without delays. */
  'speedup-ratio': z.number().nonnegative().default(1),
  /** First id of the tokens in plain prompts, and the one after the last; for models with few tokens. */
  vocabulary: z.strictObject({ first: z.number().int(), end: z.number().int() }).optional(),
  /** Appended to the arguments of each kind of process. */
  'frontend-args': args,
  'prefill-args': args,
  'decode-args': args,
  'server-args': args,
  /** Added to the environment of all processes. */
  env: z.record(z.string(), z.string()).default({}),
});

export type DynamoOptions = z.output<typeof dynamoOptions>;
