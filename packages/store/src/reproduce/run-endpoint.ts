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
import { object, parsed, text } from '../json.js';
import { runSweepline } from '../run-command-line.js';
import type { RunAgain } from './run-point.js';

/**
 * Sends the load of a bundle to an endpoint. A load that names a module of code is refused: the module would be run.
 * @param load content of the bundle's load.json
 * @throws {SweeplineError} LOAD_SPEC_INVALID, LOAD_FAILED
 */
export async function runEndpoint(
  context: CommandContext,
  original: CompletedResult,
  load: string,
  endpoint: string,
): Promise<RunAgain> {
  const spec = object(parsed(load));
  const { codec, ...api } = object(spec['endpoint']);
  if (codec !== undefined)
    throw new SweeplineError('LOAD_SPEC_INVALID', "the bundle's load names code of its own: it is not sent", {
      hint: 'Measure with `sweepline bench`, and compare the two results.',
    });
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-reproduce-'));
  try {
    const recordsFile = join(folder, 'records.jsonl');
    const specFile = join(folder, 'load.json');
    const again = {
      ...spec,
      endpoint: { ...api, baseUrl: endpoint.replace(/\/+$/, '') },
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
  const { code, message } = object(parsed(lines.at(-1)));
  return text(message) && `${text(code) ?? ''}: ${text(message) ?? ''}`;
}
