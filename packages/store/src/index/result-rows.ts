import { join } from 'node:path';
import { given, list, number, object, text, type Json } from '../json.js';
import { rowIdentity } from './row-identity.js';
import type { SourceRow } from './rows.js';
import { seriesOf } from './series.js';
import { IDENTITY_KEYS, type Identity } from './tables.js';

/** A result of Sweepline's, of any version: members that it lacks are missing. */
export function* resultRows(run: string, folder: string, result: Json): Iterable<SourceRow> {
  const point = text(result['name']);
  const marks = list(result['marks']);
  const job = object(result['job']);
  const row = object(result['row']);
  const provenance = object(result['provenance']);
  const hardware = object(provenance['hardware']);
  const isCompleted = result['state'] === 'completed';
  const identity: Identity = {
    ...rowIdentity(jobAsRow(job)),
    ...rowIdentity(row),
    ...loadOf(result),
    ...given({ sku: text(hardware['sku']) }),
  };
  const delivered = object(result['delivered']);
  const error = object(result['error']);
  const image = object(object(provenance['images'])[text(job['image']) ?? '']);
  yield {
    table: 'results',
    cells: {
      ...{ run, point, origin: 'sweepline', state: text(result['state']) },
      series: seriesOf(identity, { options: job['options'], load: job['load'] }),
      ...{ layer: text(error['layer']), error_code: text(error['code']), error: text(error['message']) },
      is_valid: isCompleted && !marks.some(({ severity }) => severity === 'invalid'),
      ...{ withheld: text(result['withheld']) },
      ...{ started_at: text(result['startedAt']), finished_at: text(result['finishedAt']) },
      ...identity,
      ...{ image_digest: text(image['digest']), platform: text(image['platform']) },
      ...{
        node: text(hardware['node']),
        engine_version: text(object(provenance['engine'])['engine-version']),
      },
      ...{ sweepline: text(provenance['sweepline']), client: text(provenance['client']) },
      ...{ session: text(provenance['session']), offered: number(delivered['offered']) },
      ...{ sent: number(delivered['sent']), requests_completed: number(delivered['completed']) },
      ...{ requests_failed: number(delivered['failed']), peak_in_flight: number(delivered['peakInFlight']) },
      file: join(folder, 'points', point ?? '', 'result.json'),
      ...{ job: JSON.stringify(job), provenance: JSON.stringify(provenance) },
    },
    numbers: { ...numbersOf(row), ...numbersOf(object(result['metrics'])) },
  };
  for (const mark of marks)
    yield {
      table: 'marks',
      cells: {
        run,
        point,
        code: text(mark['code']),
        severity: text(mark['severity']),
        message: text(mark['message']),
      },
    };
  for (const [key, interval] of Object.entries(object(result['intervals']))) {
    const { low, high, covers } = object(interval);
    yield {
      table: 'intervals',
      cells: { run, point, key, low: number(low), high: number(high), covers: text(covers) },
    };
  }
}

/** Numbers of a row that are not part of its identity. */
export function numbersOf(row: Json): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(row).filter(
      (entry): entry is [string, number] =>
        typeof entry[1] === 'number' && Number.isFinite(entry[1]) && !IDENTITY_KEYS.has(entry[0]),
    ),
  );
}

/** The job's settings by the keys of a row. A job over many nodes has a list of concurrencies: the result says which. */
function jobAsRow(job: Json): Json {
  const snake = Object.entries(job).map(([key, value]) => [SNAKE[key] ?? key.replaceAll('-', '_'), value]);
  return {
    ...(Object.fromEntries(snake) as Json),
    hw: job['runner'],
    ...workerAsRow('prefill', object(job['prefill'])),
    ...workerAsRow('decode', object(job['decode'])),
  };
}

const SNAKE: Readonly<Record<string, string>> = {
  'dp-attn': 'dp_attention',
  'model-prefix': 'infmax_model_prefix',
  'num-worker': 'num_workers',
};

function workerAsRow(role: string, worker: Json): Json {
  return Object.fromEntries(
    Object.entries(worker).map(([key, value]) => [
      `${role}_${SNAKE[key] ?? key.replaceAll('-', '_')}`,
      value,
    ]),
  );
}

function loadOf(result: Json): Identity {
  const load = object(result['load']);
  return given({ conc: number(result['concurrency']), load: text(load['text']), rate: number(load['rate']) });
}
