import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
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
