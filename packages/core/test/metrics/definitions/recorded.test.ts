import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { decodeRunRecord } from '../../../src/load/records/read-records.js';
import { DEFINITIONS } from '../../../src/metrics/definitions/index.js';

type Reports = Readonly<Record<string, Readonly<Record<string, number | Readonly<Record<string, number>>>>>>;

const file = (name: string) => readFile(new URL(`recorded/${name}`, import.meta.url));

/** A made-up chat run of 40 requests, four at a time, with empty first chunks and several tokens per chunk. */
const run = decodeRunRecord(await file('records.jsonl'));

/**
 * The output of the tools' own code for it: calculate_metrics of InferenceX's benchmark_serving.py and of vLLM 0.32.0 (given a
 * RequestFuncOutput for each record, as their request functions fill it), the record metrics of AIPerf 0.13.0 (token counts of
 * the usage), GenerativeMetrics.compile of guidellm 0.8.1, the collectors of genai-bench 0.0.5.
 */
const reports = JSON.parse((await file('reports.json')).toString()) as Reports;

/** guidellm merges events within 0.1 ms. */
const TOLERANCE: Readonly<Record<string, number>> = { request_concurrency: 1e-3 };

it.each(Object.entries(reports))('%s reports the same of a run by its own code', (name, report) => {
  const definition = DEFINITIONS.find((known) => known.name === name);
  const values = new Map(definition?.recompute(run, {}).values.map(({ key, value }) => [key, value]));
  for (const [key, expected] of Object.entries(report)) {
    const ours = values.get(key) ?? {};
    const pairs: [string, number | undefined, number][] =
      typeof expected === 'number'
        ? [[key, typeof ours === 'number' ? ours : undefined, expected]]
        : Object.entries(expected).map(([statistic, value]) => [
            `${key}:${statistic}`,
            typeof ours === 'number' ? undefined : ours[statistic],
            value,
          ]);
    for (const [path, value = NaN, theirs] of pairs) {
      const relative = Math.abs(value - theirs) / (Math.abs(theirs) || 1);
      expect([path, relative < (TOLERANCE[key] ?? 1e-7)]).toEqual([path, true]);
    }
  }
});
