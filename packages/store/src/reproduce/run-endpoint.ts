import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EXIT,
  recomputeResult,
  SweeplineError,
  type CommandContext,
  type CompletedResult,
} from '@sweepline/core';
import { object, text } from '../json.js';
import { runSweepline } from './run-command-line.js';
import type { RunAgain } from './run-point.js';

/**
 * Sends the load of a bundle to an endpoint.
 * @param load content of the bundle's load.json
 * @throws {SweeplineError} LOAD_FAILED
 */
export async function runEndpoint(
  context: CommandContext,
  original: CompletedResult,
  load: string,
  endpoint: string,
): Promise<RunAgain> {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-reproduce-'));
  try {
    const recordsFile = join(folder, 'records.jsonl');
    const specFile = join(folder, 'load.json');
    const spec = object(JSON.parse(load));
    const again = {
      ...spec,
      endpoint: { ...object(spec['endpoint']), baseUrl: endpoint.replace(/\/+$/, '') },
      output: { ...object(spec['output']), recordsFile },
    };
    await writeFile(specFile, JSON.stringify(again));
    const { exitCode, stdout } = await runSweepline(context, ['load', specFile]);
    if (exitCode !== EXIT.ok)
      throw new SweeplineError('LOAD_FAILED', errorIn(stdout) ?? `exit code ${exitCode}`);
    const recomputed = await recomputeResult(original, { records: await readFile(recordsFile) });
    return { result: { ...original, ...recomputed } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The error that a load process has printed. */
function errorIn(stdout: string): string | undefined {
  const lines = stdout.split('\n').filter((line) => line.includes('"error"'));
  const { code, message } = object(JSON.parse(lines.at(-1) ?? 'null'));
  return text(message) && `${text(code) ?? ''}: ${text(message) ?? ''}`;
}
