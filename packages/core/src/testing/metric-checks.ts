import assert from 'node:assert/strict';
import type { RequestRecord, RunRecord } from '../load/records/record.js';
import { computeMetrics } from '../metrics/compute.js';
import { readOnlyRun } from '../plugin/guard/read-only-run.js';
import type { MetricPlugin } from '../plugin/index.js';
import type { Check } from './contract.js';
import { elsewhere } from './elsewhere.js';

/** A metric, and the runs that it is tried on, by what is special about them. */
export interface MetricSubject {
  readonly plugin: MetricPlugin;
  readonly runs: Readonly<Record<string, RunRecord>>;
}

/** What core relies on in metric plugins. */
export function metricChecks({ runs }: MetricSubject): readonly Check<MetricSubject>[] {
  return [
    {
      title: 'says what each number is: a label, a definition, and the unit that its key names',
      run: documents,
    },
    ...Object.keys(runs).map((title) => ({
      title: `takes a run ${title}, and gives finite numbers that it has declared`,
      run: ({ plugin, runs: all }: MetricSubject) => void valuesOf(plugin, all[title]!),
    })),
    { title: 'is pure: equal records give equal numbers, on any day, on any machine', run: pure },
    { title: 'changes none of its records', run: changesNothing },
    { title: 'gives a number for one of the runs at least', run: givesSomething },
  ];
}

function valuesOf(plugin: MetricPlugin, run: RunRecord): Readonly<Record<string, number>> {
  // As core gives them, so that one check leaves nothing behind for the next.
  return computeMetrics(readOnlyRun(run), [plugin]).values;
}

/** Rows turn keys that end in `_ms` to seconds: another unit would be divided by 1000. */
function documents({ plugin: { outputs } }: MetricSubject): void {
  const keys = outputs.map(({ key }) => key);
  assert.deepEqual(keys, [...new Set(keys)], 'it declares a key twice');
  for (const { key, label, unit, definition } of outputs) {
    assert(label.trim() !== '', `${key} has no label`);
    assert(definition.trim() !== '', `${key} has no definition`);
    assert.equal(
      unit === 'ms',
      key.endsWith('_ms'),
      `${key} is given in "${unit}": keys of ms, and no others, end in _ms`,
    );
  }
}

function pure({ plugin, runs }: MetricSubject): void {
  for (const [title, run] of Object.entries(runs)) {
    const here = valuesOf(plugin, run);
    const there = elsewhere({}, () => valuesOf(plugin, structuredClone(run)));
    assert.deepEqual(there, here, `it gives two results for a run ${title}`);
  }
}

/** Core gives plugins records that are frozen: who changes them loses its numbers. */
function changesNothing({ plugin, runs }: MetricSubject): void {
  for (const [title, run] of Object.entries(runs)) {
    const before = structuredClone(run);
    const given = readOnlyRun(run);
    computeMetrics(given, [plugin]);
    assert.deepEqual(plain(given), plain(before), `it changes the records of a run ${title}`);
  }
}

/** Arrivals as arrays: in a copy they may be of another type. */
function plain({ requests, ...rest }: RunRecord): unknown {
  const arrivals = ({ chunkMs, ...request }: RequestRecord): unknown => ({
    ...request,
    chunkMs: Array.from(chunkMs),
  });
  return { ...rest, requests: requests.map(arrivals) };
}

function givesSomething({ plugin, runs }: MetricSubject): void {
  const given = Object.values(runs).some((run) => Object.keys(valuesOf(plugin, run)).length > 0);
  assert(given, 'it gives no number for any of the runs; give it runs that it has numbers for as `runs`');
}
