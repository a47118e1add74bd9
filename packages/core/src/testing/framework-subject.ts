import { concurrenciesOf, type Job } from '../matrix/job.js';
import type { Conditions } from '../plan/context.js';
import { createPlanner, type PlannedPoint } from '../plan/plan.js';
import { createRunnerResolver } from '../plan/runners.js';
import type { HardwarePlugin, Plugin, Rejection, Sku } from '../plugin/index.js';
import { createRegistry, type LoadedPlugin, type Registry } from '../plugin/registry.js';
import { deepFreeze } from '../plugin/guard/read-only.js';
import { recipesIn, sampleJobs, sampleSkus } from './framework-samples.js';

/** Options of a suite for a package of framework and recipe plugins; all have defaults. */
export interface FrameworkSamples {
  /** Jobs to plan. Default: some for each recipe, at every size. */
  readonly jobs?: readonly Job[];
  /** SKUs of the jobs. Default: one of eight devices for each name in the recipes, and the CPU. */
  readonly skus?: readonly Sku[];
  /** Jobs that must be rejected. */
  readonly refused?: readonly Job[];
  /** Plugins of other packages that these depend on. */
  readonly beside?: readonly Plugin[];
}

/** The plugins under test, and a planner for them. */
export interface FrameworkSubject {
  readonly plugins: readonly Plugin[];
  readonly registry: Registry;
  /** Sample jobs, with the nearest ones that their rejections name. */
  readonly jobs: readonly Job[];
  readonly refused: readonly Job[];
  /** Planned at the highest concurrency. */
  plan(job: Job, conditions?: Partial<Conditions>): PlannedPoint;
}

/** The plans that must keep the contract in both modes. */
export const MODES: readonly Partial<Conditions>[] = [{ strict: false }, { strict: true }];

export function frameworkSubject(plugins: readonly Plugin[], samples: FrameworkSamples): FrameworkSubject {
  // A plugin that changes a recipe's data while planning changes the plans that follow.
  for (const { recipes } of recipesIn(plugins)) deepFreeze(recipes);
  const beside = samples.beside ?? [];
  const skus = deepFreeze([...(samples.skus ?? sampleSkus(plugins, beside))]);
  const loaded = (all: readonly Plugin[], from: string): readonly LoadedPlugin[] =>
    all.map((plugin) => ({ plugin, package: from, version: '0.0.0' }));
  const registry = createRegistry([
    ...loaded(plugins, 'under-test'),
    ...loaded(beside, 'beside'),
    ...(skus.length === 0 ? [] : loaded([hardware(skus)], 'samples')),
  ]);
  const planner = createPlanner(registry, createRunnerResolver({}, registry));
  const plan: FrameworkSubject['plan'] = (job, conditions) =>
    planner.plan({ job, concurrency: Math.max(...concurrenciesOf(job)) }, conditions);
  const own = deepFreeze([...(samples.jobs ?? sampleJobs(plugins, skus, beside))]);
  return {
    plugins,
    registry,
    jobs: [...own, ...nearestJobs(own, plan)],
    refused: deepFreeze([...(samples.refused ?? [])]),
    plan,
  };
}

function hardware(skus: readonly Sku[]): HardwarePlugin {
  return { kind: 'hardware', name: 'samples', apiVersion: 2, skus };
}

function nearestJobs(jobs: readonly Job[], plan: FrameworkSubject['plan']): readonly Job[] {
  return jobs.flatMap((job) => {
    const nearest = rejectionOf(() => plan(job))?.nearest;
    return nearest === undefined ? [] : [deepFreeze(withNearest(job, nearest))];
  });
}

/** Undefined also if planning throws; the checks report that. */
function rejectionOf(plan: () => PlannedPoint): Rejection | undefined {
  try {
    const planned = plan();
    return planned.state === 'rejected' ? planned.rejection : undefined;
  } catch {
    return undefined;
  }
}

/** A job with the values that a rejection suggests. */
export function withNearest(job: Job, nearest: Readonly<Record<string, unknown>>): Job {
  return merged(job as unknown as Data, nearest) as unknown as Job;
}

type Data = Readonly<Record<string, unknown>>;

function merged(one: Data, other: Data): Data {
  const entries = Object.entries(other).map(([key, value]) => {
    const before = one[key];
    return [key, isData(before) && isData(value) ? merged(before, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(entries) };
}

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
