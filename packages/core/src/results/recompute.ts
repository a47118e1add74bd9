import { SweeplineError, messageOf } from '../errors.js';
import { decodeRunRecord } from '../load/records/read-records.js';
import type { Devices } from '../matrix/devices.js';
import type { Job } from '../matrix/job.js';
import { builtinMetrics } from '../metrics/builtin/index.js';
import { withEnergy } from '../metrics/energy/energy.js';
import { decodeReadings } from '../metrics/energy/readings.js';
import { endpointRow, type EndpointPoint } from './endpoint-row.js';
import { outcomeOfRun, outcomeWith, type Outcome } from './outcome.js';
import type { CompletedResult } from './schema.js';

/** What a point's folder has of its measurement. */
export interface StoredRecords {
  /** Content of records.jsonl. */
  readonly records: Uint8Array;
  /** Content of telemetry.ndjson, if there is one. */
  readonly telemetry?: string;
  /** `devices` of plan.json, if there is one. */
  readonly devices?: Devices;
}

/** Numbers of the metrics that core has; those of other metric plugins are missing. */
export type RecomputedResult = Pick<CompletedResult, 'metrics' | 'row' | 'delivered' | 'marks'>;

/** What this version's definitions make of a result's records. @throws {SweeplineError} RESULT_INVALID */
export function recomputeResult(result: CompletedResult, stored: StoredRecords): RecomputedResult {
  const { fields } = outcomeOf(result, stored);
  if (fields.state === 'completed') return fields;
  const why = 'error' in fields ? fields.error.message : fields.state;
  throw new SweeplineError('RESULT_INVALID', `the records give no numbers: ${why}`);
}

function outcomeOf(
  { endpoint, job, row }: CompletedResult,
  { records, telemetry, devices }: StoredRecords,
): Outcome {
  try {
    const run = withEnergy(
      decodeRunRecord(records),
      telemetry === undefined ? undefined : decodeReadings(telemetry),
    );
    const { hw } = row;
    if (endpoint === undefined)
      return outcomeOfRun(
        run,
        job as unknown as Job,
        typeof hw === 'string' ? hw : '',
        builtinMetrics,
        devices,
      );
    const point = job as unknown as EndpointPoint;
    return outcomeWith(run, point.model, builtinMetrics, (raw, outputs) => endpointRow(raw, point, outputs));
  } catch (cause) {
    throw new SweeplineError('RESULT_INVALID', `the records can't be used: ${messageOf(cause)}`, { cause });
  }
}
