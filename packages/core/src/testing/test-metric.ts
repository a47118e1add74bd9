import type { RunRecord } from '../load/records/record.js';
import type { MetricPlugin } from '../plugin/index.js';
import { defineSuite, type TestRunner } from './contract.js';
import { metricChecks } from './metric-checks.js';
import { sampleRuns } from './sample-runs.js';

export interface MetricSuiteOptions extends TestRunner {
  /** More runs to try it on, by their special property (`with a cache`), for metrics that need more than the samples have. */
  readonly runs?: Readonly<Record<string, RunRecord>>;
}

/** The contract of metric plugins, as a suite for a test runner with the given `describe` and `it`. */
export function testMetric(plugin: MetricPlugin, options: MetricSuiteOptions): void {
  const subject = { plugin, runs: { ...sampleRuns(), ...options.runs } };
  defineSuite(options, `contract of metric ${plugin.name}`, metricChecks(subject), subject);
}
