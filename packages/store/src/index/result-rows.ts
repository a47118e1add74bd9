import { given, list, number, object, text, type Json } from '../json.js';
import { rowIdentity } from './row-identity.js';
import type { SourceRow } from './rows.js';
import type { Identity } from './tables.js';
import { seriesOf } from './series.js';

/** Whether this version can read it. */
export function isKnownResult(result: Json): boolean {
  return (
    /^sweepline\.result\/[12]$/.test(text(result['schema']) ?? '') && text(result['state']) !== undefined
  );
}

/**
 * A result of Sweepline's, of any version: members that it lacks are missing.
 * @param file where it was read
 */
export function* resultRows(run: string, file: string, result: Json): Iterable<SourceRow> {
  const point = text(result['name']);
  const marks = list(result['marks']);
  const job = object(result['job']);
  const provenance = object(result['provenance']);
  const hardware = object(provenance['hardware']);
  const image = object(object(provenance['images'])[text(job['image']) ?? '']);
  const delivered = object(result['delivered']);
  const error = object(result['error'] ?? result['reason']);
  const identity = rowIdentity(identityRow(result, job, text(hardware['sku'])));
  yield {
    table: 'result_rows',
    identity,
    cells: {
      run,
      point,
      repeat: number(result['repeat']) ?? 1,
      repeat_of: text(result['point']) ?? point,
      origin: 'sweepline',
      state: text(result['state']),
      series: seriesOf(identity, { options: job['options'], load: job['load'] }),
      layer: text(error['layer']),
      error_code: text(error['code']),
      error: text(error['message']),
      is_valid: result['state'] === 'completed' && !marks.some(({ severity }) => severity === 'invalid'),
      withheld: text(result['withheld']),
      started_at: text(result['startedAt']),
      finished_at: text(result['finishedAt']),
      image_digest: text(image['digest']),
      platform: text(image['platform']),
      node: text(hardware['node']),
      engine_version: text(object(provenance['engine'])['engine-version']),
      sweepline: text(provenance['sweepline']),
      client: text(provenance['client']),
      session: text(provenance['session']),
      offered: number(delivered['offered']),
      sent: number(delivered['sent']),
      requests_completed: number(delivered['completed']),
      requests_failed: number(delivered['failed']),
      peak_in_flight: number(delivered['peakInFlight']),
      file,
      job: JSON.stringify(job),
      provenance: JSON.stringify(provenance),
    },
    numbers: [object(result['row']), object(result['metrics'])],
  };
  for (const { code, severity, message } of marks)
    yield {
      table: 'marks',
      cells: { run, point, code: text(code), severity: text(severity), message: text(message) },
    };
  for (const asked of list(result['evals'])) yield evalRow(run, file, result, identity, asked);
  for (const [key, interval] of Object.entries(object(result['intervals']))) {
    const { low, high, covers } = object(interval);
    yield {
      table: 'intervals',
      cells: { run, point, key, low: number(low), high: number(high), covers: text(covers) },
    };
  }
}

/** Names that InferenceX's rows have for the pipelines of its tasks. Source: utils/collect_eval_results.py at 843c625. */
const PIPELINES = { em_strict: 'strict-match', em_flexible: 'flexible-extract' } as const;

/** What a point's server answered to a task, in the columns of InferenceX's rows. */
function evalRow(run: string, file: string, result: Json, identity: Identity, asked: Json): SourceRow {
  const point = text(result['name']);
  const task = text(asked['task']);
  const scores = list(asked['scores']);
  const exact = scores.filter(({ metric }) => metric === 'exact_match');
  const named = Object.entries(PIPELINES).map(
    ([key, filter]) => [key, exact.find((score) => score['filter'] === filter)] as const,
  );
  const main = named.find(([, score]) => score !== undefined)?.[1] ?? exact[0] ?? scores[0];
  const cells = [...named, ['score', main] as const].flatMap(([key, score]) => [
    [key, number(score?.['value'])] as const,
    [`${key}_se`, number(score?.['stderr'])] as const,
  ]);
  return {
    table: 'evals',
    identity,
    cells: {
      ...given(Object.fromEntries(cells)),
      ...{ run, point, task, date: text(asked['startedAt']), n_eff: number(asked['samples']) },
      ...{ floor: number(asked['floor']), verdict: text(asked['verdict']) },
      file,
      // The dashboard reads the lengths from it.
      extra: JSON.stringify({ source: `eval_${point ?? ''}/results_${task ?? ''}.json` }),
    },
  };
}

/** A result's row, or what its job says where it has none; a job over many nodes has a list of concurrencies. */
function identityRow(result: Json, job: Json, sku: string | undefined): Json {
  const load = object(result['load']);
  return {
    hw: job['runner'],
    model: job['model'],
    infmax_model_prefix: job['model-prefix'],
    framework: job['framework'],
    precision: job['precision'],
    spec_decoding: job['spec-decoding'],
    disagg: job['disagg'],
    is_multinode: 'prefill' in job,
    isl: job['isl'],
    osl: job['osl'],
    image: job['image'],
    ...sizesOf('', job),
    ...('prefill' in job ? sizesOf('prefill_', object(job['prefill'])) : {}),
    ...('decode' in job ? sizesOf('decode_', object(job['decode'])) : {}),
    ...object(result['row']),
    ...(sku === undefined ? {} : { hw: sku }),
    conc: result['concurrency'],
    load: load['text'],
    rate: load['rate'],
  };
}

function sizesOf(prefix: string, of: Json): Json {
  return {
    [`${prefix}tp`]: of['tp'],
    [`${prefix}pp`]: of['pp'],
    [`${prefix}dcp_size`]: of['dcp-size'],
    [`${prefix}pcp_size`]: of['pcp-size'],
    [`${prefix}ep`]: of['ep'],
    [`${prefix}dp_attention`]: of['dp-attn'],
    [`${prefix}num_workers`]: of['num-worker'],
  };
}
