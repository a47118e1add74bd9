import { parseArgs } from 'node:util';
import { isSynthetic, syntheticSize } from '../gguf/sizes.js';
import { defaultCacheDir } from '../gguf/cache.js';

/** The command line; names, meanings and defaults are llama-server's if it has the flag. */
export interface ServerFlags {
  /** Path of a GGUF file, or `synthetic:SIZE`. */
  readonly model: string;
  /** Name of the model in the API. */
  readonly alias: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Slots: requests evaluated together. */
  readonly parallel: number;
  /** Context tokens, shared by all slots; 0 takes the model's training length. */
  readonly ctxSize: number;
  /** The most tokens evaluated in one step. */
  readonly batchSize: number;
  /** Default: one. With more, a busy neighbour on one core stalls all of them. */
  readonly threads: number;
  /** Seed of a synthetic model's weights. */
  readonly seed: number;
  /** Where synthetic models are stored. */
  readonly cacheDir: string;
  /** Exit when stdin, if it is a pipe, is closed, so that no orphan is left when the parent is killed. */
  readonly exitWithParent: boolean;
}

const OPTIONS = {
  model: { type: 'string' },
  alias: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8080' },
  parallel: { type: 'string', default: '1' },
  'ctx-size': { type: 'string', default: '0' },
  'batch-size': { type: 'string', default: '512' },
  threads: { type: 'string', default: '1' },
  seed: { type: 'string', default: '0' },
  'cache-dir': { type: 'string' },
  'exit-with-parent': { type: 'boolean', default: false },
} as const;

/** Throws an error whose message names the invalid flag. */
export function parseFlags(args: readonly string[], env: NodeJS.ProcessEnv): ServerFlags {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
  const { model } = values;
  if (!model) throw new Error('--model is required: the path of a GGUF file, or synthetic:SIZE');
  if (isSynthetic(model)) syntheticSize(model);
  const flags: ServerFlags = {
    model,
    alias: values.alias ?? model,
    host: values.host,
    port: integer('port', values.port, 0, 65_535),
    parallel: integer('parallel', values.parallel, 1),
    ctxSize: integer('ctx-size', values['ctx-size'], 0),
    batchSize: integer('batch-size', values['batch-size'], 1),
    threads: integer('threads', values.threads, 1),
    seed: integer('seed', values.seed, 0),
    cacheDir: values['cache-dir'] ?? defaultCacheDir(env),
    exitWithParent: values['exit-with-parent'],
  };
  if (flags.batchSize < flags.parallel) throw new Error('--batch-size must be at least --parallel');
  return flags;
}

function integer(name: string, text: string, least: number, most = 2 ** 31 - 1): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be an integer from ${least} to ${most}, not "${text}"`);
}
