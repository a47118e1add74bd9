import { fileURLToPath } from 'node:url';
import type { Text } from '@sweepline/core';

/** What both servers are told, in the same words. */
export interface ServerSettings {
  /** Path of a GGUF file, or `synthetic:SIZE`. */
  readonly model: string;
  readonly alias: string;
  readonly port: Text;
  /** Slots: requests evaluated together. */
  readonly parallel: number;
  /** Context tokens over all slots. */
  readonly ctxSize: number;
  readonly batchSize: number;
  readonly threads: number;
}

/** The server in this package. */
export function nodeServer(settings: ServerSettings, seed: number): readonly Text[] {
  const main = fileURLToPath(new URL('./server/main.js', import.meta.url));
  return ['node', main, ...commonFlags(settings), '--seed', String(seed), '--exit-with-parent'];
}

/**
 * llama-server. It would find earlier prompts warm in its caches, in the slot and in host memory, so both are turned
 * off: a benchmark must not measure them. Source: tools/server/README.md of ggml-org/llama.cpp, at commit 00dc805.
 */
export function llamaServer(program: string, settings: ServerSettings): readonly Text[] {
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
