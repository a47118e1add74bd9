import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { BenchOptions } from '../../src/bench/options.js';
import { pointsOf } from '../../src/bench/points.js';
import { specOf } from '../../src/bench/spec.js';
import { addBenchOptions, benchArguments } from '../../src/cli/bench/options.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { startFakeServer } from '../../src/testing/index.js';
import { makeWorkspace } from '../workspace.js';

type Json = Readonly<Record<string, unknown>>;

/** Runs a bench of few requests, and gives its spec, its records and its result. */
export async function bench(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const server = await startFakeServer();
  const workspace = await makeWorkspace(files);
  try {
    const outcome = await workspace.cli([
      ...[
        'bench',
        '--allow-invalid',
        '--base-url',
        server.url,
        '--model',
        'fake-model',
        '--random-output-len',
        '3',
      ],
      ...['--keep-records', 'R.jsonl', '--save-result', '--result-filename', 'F.json', ...args],
    ]);
    const read = (name: string) => readFile(join(workspace.root, name), 'utf8').catch(() => undefined);
    const [records = '', result = '{}'] = [await read('R.jsonl'), await read('F.json')];
    return {
      ...outcome,
      run: records === '' ? undefined : decodeRunRecord(records),
      result: JSON.parse(result) as Json,
      requests: [...server.requests],
    };
  } finally {
    await server.close();
    await workspace[Symbol.asyncDispose]();
  }
}

/** A load of four requests. */
export const SMALL = ['--random-input-len', '30', '--num-prompts', '4', '--max-concurrency', '2'];

/** The points that flags come to. */
export function pointsFor(args: readonly string[]): readonly BenchOptions[] {
  const command = addBenchOptions(new Command()).parse(args, { from: 'user' });
  return pointsOf(benchArguments(command), 'm');
}

/** The spec that flags come to, of their first point. */
export function specFor(args: readonly string[]): Promise<LoadSpec> {
  const [options] = pointsFor(args);
  return specOf({ cwd: '/', env: {} }, options!, 'R.jsonl');
}
