import { number, text, type Json } from '../json.js';
import { gpuOf, gpuOfNode } from './dashboard-names.js';
import type { RunRows } from './run-rows.js';

/** The content of `run_stats.json`, by GPU. */
export type RunStats = Readonly<Record<string, { readonly n_success: number; readonly total: number }>>;

/** How points ended, by hardware. */
export type Failures = Readonly<Record<string, Ends>>;

interface Ends {
  completed: number;
  interrupted: number;
  rejected: number;
  skipped: number;
  /** By the part of the launch that failed; `plan` for errors of the plan or of the workspace. */
  failed: Record<string, number>;
}

interface Counted {
  readonly counts: RunStats;
  /** What the dashboard would overlook, or read wrong. */
  readonly heldBack: readonly { readonly name: string; readonly remarks: readonly string[] }[];
}

/** How points end of which nothing was launched: they say nothing of the hardware. */
const NOT_LAUNCHED: readonly unknown[] = ['rejected', 'skipped'];

/**
 * Success by hardware, of all points of a run that were launched, whichever of them are exported. Imported rows are those that succeeded,
 * and say nothing of the others: there the counts are those that were imported.
 */
export function statsOf({ results, success }: RunRows): Counted {
  const own = results.filter(({ origin }) => origin === 'sweepline');
  return own.length > 0 ? statsOfPoints(own) : statsOfJobs(success);
}

function statsOfPoints(results: readonly Json[]): Counted {
  const counts: Record<string, { n_success: number; total: number }> = {};
  const unknown = new Map<string, number>();
  for (const row of results.filter(({ state }) => !NOT_LAUNCHED.includes(state))) {
    const gpu = gpuIn(row);
    if (gpu === undefined) {
      const name = hardwareOf(row);
      unknown.set(name, (unknown.get(name) ?? 0) + 1);
      continue;
    }
    const count = (counts[gpu] ??= { n_success: 0, total: 0 });
    count.total += 1;
    if (row['state'] === 'completed') count.n_success += 1;
  }
  return {
    counts,
    heldBack: [...unknown].map(([name, points]) => ({
      name,
      remarks: [`the dashboard knows no hardware ${name}: ${points} points are not counted`],
    })),
  };
}

function statsOfJobs(success: readonly Json[]): Counted {
  const counts: Record<string, { n_success: number; total: number }> = {};
  const heldBack: { name: string; remarks: readonly string[] }[] = [];
  for (const name of new Set(success.map(({ sku }) => text(sku) ?? ''))) {
    const of = success.filter(({ sku }) => (text(sku) ?? '') === name);
    const [succeeded, total] = [number(of[0]?.['n_success']), number(of[0]?.['total'])];
    if (gpuOf(name) !== name) heldBack.push({ name, remarks: [`the dashboard knows no hardware ${name}`] });
    else if (of.length > 1)
      heldBack.push({ name, remarks: [`it has ${of.length} counts, and the dashboard keeps one`] });
    else if (succeeded === undefined || total === undefined || succeeded < 0 || succeeded > total)
      heldBack.push({ name, remarks: ['more of its jobs succeeded than there are, or a number is missing'] });
    else counts[name] = { n_success: succeeded, total };
  }
  return { counts, heldBack };
}

/** Of Sweepline's points; the dashboard has no place for layers. */
export function failuresOf({ results }: RunRows): Failures {
  const all: Record<string, Ends> = {};
  for (const row of results.filter(({ origin }) => origin === 'sweepline')) {
    const ends = (all[gpuIn(row) ?? hardwareOf(row)] ??= {
      completed: 0,
      interrupted: 0,
      rejected: 0,
      skipped: 0,
      failed: {},
    });
    const state = text(row['state']);
    if (isCounted(state)) ends[state] += 1;
    else {
      const layer = text(row['layer']) ?? 'plan';
      ends.failed[layer] = (ends.failed[layer] ?? 0) + 1;
    }
  }
  return all;
}

function isCounted(state: string | undefined): state is Exclude<keyof Ends, 'failed'> {
  return ['completed', 'interrupted', 'rejected', 'skipped'].some((counted) => counted === state);
}

/** Of a point without a node, `hw` is the label of its runner. The index's `sku` is a guess that may be another product. */
function gpuIn({ hw }: Json): string | undefined {
  return gpuOfNode(text(hw) ?? '');
}

function hardwareOf({ hw }: Json): string {
  return text(hw) ?? 'unknown';
}
