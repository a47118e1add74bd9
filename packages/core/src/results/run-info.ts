import type { MetricOutput, MetricPlugin } from '../plugin/metric.js';
import { RUN_SCHEMA, type RunInfo } from './run-schema.js';

/** Facts about a run that are known when it begins. */
export interface RunBeginning extends Pick<
  RunInfo,
  'id' | 'sweepline' | 'startedAt' | 'process' | 'command' | 'repeats' | 'changelog'
> {
  readonly configFiles: readonly string[];
  readonly pointNames: readonly string[];
  readonly metrics: readonly MetricPlugin[];
}

export function runBegun(beginning: RunBeginning): RunInfo {
  const { id, sweepline, startedAt, configFiles, pointNames, metrics, process, command, repeats, changelog } =
    beginning;
  return {
    schema: RUN_SCHEMA,
    ...{ id, sweepline, startedAt },
    state: 'running',
    configFiles: [...configFiles],
    points: pointNames.length,
    pointNames: [...pointNames],
    ...(repeats === undefined ? {} : { repeats }),
    ...(process === undefined ? {} : { process }),
    ...(command === undefined ? {} : { command }),
    ...(changelog === undefined ? {} : { changelog }),
    outputs: metrics.flatMap(({ name, outputs }) => outputs.map((output) => outputInfo(name, output))),
  };
}

/** The same run, which another process goes on with. */
export function runResumed({ id, startedAt, command, resumedAt = [] }: RunInfo, again: RunInfo): RunInfo {
  return {
    ...again,
    ...{ id, startedAt, resumedAt: [...resumedAt, again.startedAt] },
    ...(command === undefined ? {} : { command }),
  };
}

export function runEnded(run: RunInfo, finishedAt: Date, state: RunInfo['state'], reason?: string): RunInfo {
  return { ...run, state, finishedAt: finishedAt.toISOString(), ...(reason === undefined ? {} : { reason }) };
}

/** Only the known members: a run with others could not be read back. */
function outputInfo(
  metric: string,
  { key, label, unit, better, definition, level }: MetricOutput,
): RunInfo['outputs'][number] {
  return { metric, key, label, unit, better, definition, ...(level === undefined ? {} : { level }) };
}
