import { z, type Executor } from '@sweepline/core';

/** Runs on the node, which may be another machine, with its own Node.js: the same code for every platform. */
const SCRIPT = `
const os = require('node:os');
const limit = process.constrainedMemory() || Infinity;
process.stdout.write(JSON.stringify({
  model: os.cpus()[0]?.model.trim() ?? 'unknown',
  cores: os.availableParallelism(),
  memory: Math.min(os.totalmem(), limit),
  freeMemory: process.availableMemory(),
  load: os.loadavg()[0],
  kernel: os.type() + ' ' + os.release(),
  arch: os.arch(),
}));`;

const reportSchema = z.object({
  /** The CPU's name, as it reports it. */
  model: z.string(),
  /** Logical cores that a process may use. */
  cores: z.number().int().positive(),
  /** Bytes: the host's memory or the container's limit, whichever is less. */
  memory: z.number(),
  /** Bytes still free for a process. */
  freeMemory: z.number(),
  /** Mean number of runnable processes over the last minute; 0 if the system doesn't count them. */
  load: z.number(),
  kernel: z.string(),
  arch: z.string(),
});

export type CpuReport = z.output<typeof reportSchema>;

export async function probe(executor: Executor, signal: AbortSignal): Promise<CpuReport> {
  const { exit, stdout, stderr } = await executor.run({ argv: ['node', '-e', SCRIPT] }, signal);
  if (exit.code === 0) return reportSchema.parse(JSON.parse(stdout));
  throw new Error(`can't read the CPU of ${executor.node.name}: ${stderr.trim()}`);
}
