import { SweeplineError, toSweeplineError } from '../errors.js';
import { devicesOf } from '../matrix/devices.js';
import { isFixedSeqLen } from '../matrix/job.js';
import type { Delegated } from '../measure/measurement.js';
import { MARK_LIMITS } from '../metrics/marks.js';
import { invalid, note, type Mark } from '../metrics/marks/mark.js';
import { devicesIn } from '../plan/devices.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { MetricPlugin } from '../plugin/metric.js';
import { aggregate } from './aggregate.js';
import { outcomeOfError, type Outcome } from './outcome.js';
import { identityOf } from './row-identity.js';

/** Mean lengths as shares of those asked for: drawn from [0, 1] at the least, with the tokens of a chat template at the most. */
const LENGTHS = { least: 0.45, most: 1.25 } as const;

/**
 * A point's outcome by a delegate's own result: its numbers under the keys that metrics here have too, and nothing of what takes records
 * to compute. Pure.
 */
export function delegatedOutcome(
  planned: PlannedPoint,
  delegated: Delegated,
  metrics: readonly MetricPlugin[],
  others: readonly Mark[],
): Outcome {
  const { raw, file } = delegated;
  try {
    const outputs = metrics.flatMap((metric) => metric.outputs);
    const values = outputs.flatMap(({ key }) => {
      const value = raw[key];
      return typeof value === 'number' && Number.isFinite(value) ? [[key, value] as const] : [];
    });
    const offered = count(raw, 'num_prompts', file);
    const completed = count(raw, 'completed', file);
    const failed = offered - completed;
    if (failed < 0 || failed > MARK_LIMITS.failedShare * offered)
      throw new SweeplineError('REQUEST_FAILED', `${failed} of ${offered} requests failed (${file})`);
    const { point, runner } = planned;
    return {
      raw,
      fields: {
        state: 'completed',
        metrics: Object.fromEntries(values),
        row: aggregate(raw, identityOf(point.job, runner.sku.name, devicesIn(planned)), outputs),
        delivered: { offered, sent: offered, completed, failed },
        marks: [
          note('delegated', messageOf(delegated, values.length, outputs.length)),
          ...differences(delegated, planned, completed),
          ...others,
        ],
      },
    };
  } catch (thrown) {
    return outcomeOfError(toSweeplineError(thrown, 'RESULT_INVALID'));
  }
}

/** What the program measured, where it is not the point that its result would be taken for. */
function differences({ raw, file }: Delegated, planned: PlannedPoint, completed: number): readonly Mark[] {
  const { job } = planned.point;
  const lengths = isFixedSeqLen(job)
    ? ([
        ['input', 'total_input_tokens', job.isl],
        ['output', 'total_output_tokens', job.osl],
      ] as const)
    : [];
  const other = lengths.flatMap(([what, key, asked]) => {
    const total = raw[key];
    if (typeof total !== 'number' || completed === 0) return [];
    const mean = total / completed;
    const isOther = mean < LENGTHS.least * asked || mean > LENGTHS.most * asked;
    return isOther ? [`${Math.round(mean)} ${what} tokens per request for a job of ${asked}`] : [];
  });
  // sa-bench names the GPUs of its recipe in the file: results_concurrency_4_gpus_16_ctx_8_gen_8.json.
  const used = Number(/_gpus_(\d+)[_.]/.exec(file)?.[1] ?? NaN);
  const counted = (devicesIn(planned) ?? devicesOf(job)).total;
  const devices = used > 0 && used !== counted ? [`${used} GPUs for a job of ${counted}`] : [];
  const all = [...other, ...devices];
  return all.length === 0 ? [] : [invalid('delegated-differs', `${file} has ${all.join(', ')}`)];
}

function count(raw: Delegated['raw'], key: string, file: string): number {
  const value = raw[key];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new SweeplineError('RESULT_INVALID', `${file} has no number of requests under ${key}`);
}

function messageOf({ client, file, jobs }: Delegated, there: number, of: number): string {
  const ended = jobs.map(({ id, state }) => `${id} ${state}`).join(', ');
  return (
    `measured by ${client}, by its definitions and without records (${file}; job ${ended}): ` +
    `${there} of ${of} numbers are there, and nothing of them was checked`
  );
}
