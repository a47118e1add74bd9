import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { given } from '../src/json.js';
import { disaggregated, NUMBERS, row } from './rows.js';

/* Runs as Sweepline writes them, with numbers of our own. */

export type TestResult = Readonly<Record<string, unknown>> & { readonly name: string };

/** What readers of rows need in addition to NUMBERS. */
export const ALL_NUMBERS = { ...NUMBERS, mean_ttft: 0.6, mean_tpot: 0.021 };

/** A row of prefill and decode on nodes of their own. */
export const SPLIT = given(disaggregated(ALL_NUMBERS));

const JOB = { image: 'engine/server:v1', model: 'example/Model-R1', 'model-prefix': 'dsr1', runner: 'b200' };

function base(name: string, at: string): TestResult {
  return {
    ...{ schema: 'sweepline.result/2', name, job: { ...JOB, framework: 'sglang' }, concurrency: 64 },
    ...{ startedAt: `2026-11-01T${at}:00.000Z`, finishedAt: `2026-11-01T${at}:30.000Z` },
    provenance: { sweepline: '1.0.0', hardware: { sku: 'b200', node: 'n1', facts: {} } },
  };
}

/** @param at hours and minutes, as in 10:05 */
export function completed(name: string, { at = '10:00', row: more = {}, ...rest }: Options = {}): TestResult {
  return {
    ...base(name, at),
    ...{ state: 'completed', metrics: { median_ttft_ms: 500 }, marks: [] },
    row: row({ ...ALL_NUMBERS, ...more }),
    delivered: { offered: 40, sent: 40, completed: 40, failed: 0, peakInFlight: 4 },
    ...rest,
  };
}

export function failed(name: string, { at = '10:00', ...rest }: Options = {}): TestResult {
  const error = { code: 'SERVER_DIED', message: 'it died', layer: 'server-death' };
  return { ...base(name, at), state: 'failed', error, ...rest };
}

export function rejected(name: string, { at = '10:00', ...rest }: Options = {}): TestResult {
  const error = { code: 'PLAN_UNSUPPORTED', message: 'the launcher has no such nodes', again: false };
  return { ...base(name, at), state: 'rejected', error, ...rest };
}

export function skipped(name: string, { at = '10:00', ...rest }: Options = {}): TestResult {
  const reason = { code: 'budget', message: 'its time is over (--max-hours 2)' };
  return { ...base(name, at), state: 'skipped', reason, ...rest };
}

interface Options {
  readonly at?: string;
  readonly row?: object;
  readonly [key: string]: unknown;
}

/** A run, as a job leaves it. */
export interface TestRun {
  readonly id: string;
  readonly results: readonly TestResult[];
  /** By default those of the results. */
  readonly pointNames?: readonly string[];
  readonly run?: object;
  /** Logs of servers, by point. */
  readonly logs?: Readonly<Record<string, string>>;
}

/** Writes a run's folder: journal with seals, results.ndjson and points. */
export async function writeRun(
  folder: string,
  { id, results, logs = {}, ...given }: TestRun,
): Promise<string> {
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const pointNames = given.pointNames ?? results.map(({ name }) => name);
  const run = {
    ...{ schema: 'sweepline.run/2', id, sweepline: '1.0.0', startedAt: '2026-11-01T09:00:00.000Z' },
    ...{ finishedAt: '2026-11-01T12:00:00.000Z', state: 'finished', configFiles: [] },
    ...{ points: pointNames.length, pointNames, process: { pid: 7, host: id } },
    outputs: [
      { metric: 'm', key: 'median_ttft_ms', label: 'TTFT', unit: 'ms', better: 'lower', definition: 'd' },
    ],
    ...given.run,
  };
  await write('run.json', JSON.stringify(run));
  await write('results.ndjson', results.map((one) => `${lineOf(one)}\n`).join(''));
  await write('journal.ndjson', results.map((one, index) => journalLine(index + 1, one)).join(''));
  await mkdir(join(folder, 'points'), { recursive: true });
  for (const one of results) await write(`points/${one.name}/result.json`, jsonOf(one));
  for (const [name, text] of Object.entries(logs)) await write(`server_logs_${name}/server.log`, text);
  return folder;
}

function jsonOf(result: TestResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function lineOf(result: TestResult): string {
  return JSON.stringify({ v: 1, folder: `points/${result.name}`, result });
}

function journalLine(seq: number, result: TestResult): string {
  const seal = { bytes: Buffer.byteLength(jsonOf(result)), line: checksum(lineOf(result)) };
  const ended = { name: result.name, state: result['state'], isValid: result['state'] === 'completed', seal };
  const text = JSON.stringify({ v: 1, seq, time: '2026-11-01T12:00:00.000Z', type: 'point-ended', ...ended });
  return `${text.slice(0, -1)},"crc":"${checksum(text)}"}\n`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
