import { expect } from 'vitest';
import type { RequestRecord, RunRecord } from '../../../src/load/records/record.js';
import type { LoadSpec } from '../../../src/load/spec/spec.js';
import { DEFINITIONS, type Recomputed, type Tools } from '../../../src/metrics/definitions/index.js';
import { request, runOf } from '../run.js';

/** An empty first chunk, text from 160 to 350, the usage at 380, the end at 400. */
export const long = request({ scheduledMs: 90, lastContentMs: 350, usageMs: 380, text: 'a b c d e f' });
export const short = request({
  index: 1,
  scheduledMs: 200,
  sentMs: 200,
  chunkMs: [300, 400],
  firstContentMs: 300,
  lastContentMs: 400,
  usageMs: 405,
  doneMs: 410,
  promptTokens: 20,
  serverPromptTokens: 21,
  outputTokens: 3,
  text: 'a b c',
});
export const both = [long, short];

interface Options extends Tools {
  readonly api?: LoadSpec['endpoint']['api'];
  readonly slos?: LoadSpec['slos'];
}

export function runWith(requests: readonly RequestRecord[], { api = 'chat', slos }: Options): RunRecord {
  const run = runOf(requests);
  return { ...run, spec: { ...run.spec, slos, endpoint: { ...run.spec.endpoint, api } } };
}

export function recompute(
  name: string,
  requests: readonly RequestRecord[],
  options: Options = {},
): Recomputed {
  const definition = DEFINITIONS.find((known) => known.name === name);
  if (definition === undefined) throw new Error(name);
  return definition.recompute(runWith(requests, options), options);
}

export const valuesOf = (...args: Parameters<typeof recompute>) =>
  Object.fromEntries(recompute(...args).values.map(({ key, value }) => [key, value]));

export const unknownOf = (...args: Parameters<typeof recompute>) =>
  Object.fromEntries(recompute(...args).unknown.map(({ key, reason }) => [key, reason]));

export const words = (text: string) => text.split(' ').length;
export const near = (value: number) => expect.closeTo(value, 9) as number;
