import assert from 'node:assert/strict';
import type { RequestRecord, RunRecord } from '../load/records/record.js';
import { computeMetrics } from '../metrics/compute.js';
import { readOnlyRun } from '../plugin/guard/read-only-run.js';
import type { MetricPlugin } from '../plugin/index.js';
import type { Check } from './contract.js';
import { elsewhere } from './elsewhere.js';

/** A metric and the runs to try it on, by their special property. */
export interface MetricSubject {
  readonly plugin: MetricPlugin;
  readonly runs: Readonly<Record<string, RunRecord>>;
}

/** What core expects of metric plugins. */
export function metricChecks({ runs }: MetricSubject): readonly Check<MetricSubject>[] {
  return [
    {
      title: 'describes each number: a label, a definition, and the unit that its key implies',
      run: documents,
    },
    ...Object.keys(runs).map((title) => ({
      title: `takes a run ${title}, and returns finite numbers that it declares`,
      run: ({ plugin, runs: all }: MetricSubject) => void valuesOf(plugin, all[title]!),
    })),
    { title: 'is pure: equal records give equal numbers, on any day, on any machine', run: pure },
    { title: 'changes none of its records', run: changesNothing },
    { title: 'returns a number for at least one of the runs', run: givesSomething },
  ];
}

function valuesOf(plugin: MetricPlugin, run: RunRecord): Readonly<Record<string, number>> {
  // A copy for each check, as core makes one, so that no check affects the next.
  return computeMetrics(readOnlyRun(run), [plugin]).values;
}

/** Result rows convert keys that end in `_ms` to seconds: a value in another unit would be divided by 1000. */
function documents({ plugin: { outputs } }: MetricSubject): void {
  const keys = outputs.map(({ key }) => key);
  assert.deepEqual(keys, [...new Set(keys)], 'it declares a key twice');
  for (const { key, label, unit, definition } of outputs) {
    assert(label.trim() !== '', `${key} has no label`);
    assert(definition.trim() !== '', `${key} has no definition`);
    assert.equal(
      unit === 'ms',
      key.endsWith('_ms'),
      `${key} has the unit "${unit}": keys in ms, and only those, end in _ms`,
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

/** Core passes frozen records to plugins: a metric that changes them throws and loses its numbers. */
function changesNothing({ plugin, runs }: MetricSubject): void {
  for (const [title, run] of Object.entries(runs)) {
    const before = structuredClone(run);
    const given = readOnlyRun(run);
    computeMetrics(given, [plugin]);
    assert.deepEqual(plain(given), plain(before), `it changes the records of a run ${title}`);
  }
}

/** Arrivals as arrays: a copy may have another type. */
function plain({ requests, ...rest }: RunRecord): unknown {
  const arrivals = ({ chunkMs, ...request }: RequestRecord): unknown => ({
    ...request,
    chunkMs: Array.from(chunkMs),
  });
  return { ...rest, requests: requests.map(arrivals) };
}

function givesSomething({ plugin, runs }: MetricSubject): void {
  const given = Object.values(runs).some((run) => Object.keys(valuesOf(plugin, run)).length > 0);
  assert(given, 'it returns no number for any run; pass runs for which it does as `runs`');
}
