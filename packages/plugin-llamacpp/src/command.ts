import { fileURLToPath } from 'node:url';
import type { Text } from '@sweepline/core';

/** Settings that both servers take under the same names. */
export interface ServerSettings {
  /** Path of a GGUF file, or `synthetic:SIZE`. */
  readonly model: string;
  readonly alias: string;
  readonly port: Text;
  /** Slots: requests evaluated together. */
  readonly parallel: number;
  /** Context tokens, shared by all slots. */
  readonly ctxSize: number;
  readonly batchSize: number;
  readonly threads: number;
}

/** The server in this package. */
export function nodeServer(settings: ServerSettings, seed: number): Text[] {
  const main = fileURLToPath(new URL('./server/main.js', import.meta.url));
  return ['node', main, ...commonFlags(settings), '--seed', String(seed)];
}

/**
 * llama-server. Its prompt caches, in the slot and in host memory, are turned off: a benchmark must not measure cached prompts. Source:
 * tools/server/README.md of ggml-org/llama.cpp, at commit 00dc805.
 */
export function llamaServer(program: string, settings: ServerSettings): Text[] {
  return [
    program,
    ...commonFlags(settings),
    '--no-cache-prompt',
    '--cache-ram',
    '0',
    '--metrics',
    '--no-webui',
  ];
}

function commonFlags(settings: ServerSettings): readonly Text[] {
  return [
    ...['--model', settings.model],
    ...['--alias', settings.alias],
    ...['--host', '127.0.0.1'],
    ...['--port', settings.port],
    ...['--parallel', String(settings.parallel)],
    ...['--ctx-size', String(settings.ctxSize)],
    ...['--batch-size', String(settings.batchSize)],
    ...['--threads', String(settings.threads)],
  ];
}
