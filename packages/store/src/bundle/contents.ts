import type { Result, ResultFiles } from '@sweepline/core';
import { object } from '../json.js';
import type { Reasoned } from './manifest.js';

export interface Contents {
  /** Where each part of a measurement is. */
  readonly contents: Readonly<Record<string, string>>;
  readonly missing: readonly Reasoned[];
}

/**
 * What a bundle has of a measurement, and what it lacks.
 * @param load content of load.json, if there is one
 */
export function contentsOf(
  { provenance }: Result,
  files: ResultFiles,
  load: unknown,
  config: readonly string[],
): Contents {
  const seed = object(object(load)['prompts'])['seed'];
  const parts: readonly (readonly [what: string, where: string | undefined, why: string])[] = [
    ['plan', files.plan, 'the run kept none: Sweepline did not start the server, or the point failed before'],
    ['job', 'result.json#/job', ''],
    ['config', config[0], ''],
    ['versions', 'result.json#/provenance', ''],
    [
      'digests of images',
      provenance.images && 'result.json#/provenance/images',
      'the launcher reports none, or it ran without a container',
    ],
    ['load', files.load, 'the run kept none'],
    [
      'seed',
      seed === undefined ? undefined : `${files.load ?? ''}#/prompts/seed`,
      'the load has none, or is not known',
    ],
    ['workload', files.load && `${files.load}#/prompts`, 'the run kept none'],
    ['records', files.records, 'the run kept none'],
    ['telemetry', files.telemetry, 'the run kept no readings of devices'],
    ['node', provenance.hardware && 'result.json#/provenance/hardware', 'the run names none'],
    ['engine', provenance.engine && 'result.json#/provenance/engine', 'the engine reported nothing'],
    ['weights', undefined, "neither a revision nor a digest of the model's files is recorded"],
  ];
  return {
    contents: Object.fromEntries(
      parts.flatMap(([what, where]) => (where === undefined ? [] : [[what, where] as const])),
    ),
    missing: parts.flatMap(([what, where, why]) =>
      where !== undefined || why === '' ? [] : [{ what, why }],
    ),
  };
}
