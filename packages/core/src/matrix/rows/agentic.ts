import type {
  ConfigEntry,
  MultiNodeSpace,
  SearchSpace,
  SingleNodeSpace,
  Worker,
} from '../../config/model.js';
import type { MultiNodeAgenticJob, SingleNodeAgenticJob } from '../job.js';
import { withExtras, withSizes } from './parts.js';

/** Seconds for which traces are replayed (InferenceX, August 2026). */
const DURATION_S = 3600;

export function singleNodeAgenticRow(
  entry: ConfigEntry,
  space: SingleNodeSpace,
  dramGb: number,
  conc: number,
): SingleNodeAgenticJob {
  const spec = space['spec-decoding'] ?? 'none';
  const suffix = spec === 'none' ? '' : `_spec-${spec}`;
  const row: SingleNodeAgenticJob = {
    image: entry.image,
    model: entry.model,
    'model-prefix': entry['model-prefix'],
    precision: entry.precision,
    framework: entry.framework,
    runner: entry.runner,
    tp: space.tp,
    pp: space.pp ?? 1,
    'dcp-size': space['dcp-size'] ?? 1,
    'pcp-size': space['pcp-size'] ?? 1,
    ep: space.ep ?? 1,
    'dp-attn': space['dp-attn'] ?? false,
    'spec-decoding': spec,
    conc,
    'kv-offloading': space['kv-offloading'] ?? 'none',
    'total-cpu-dram-gb': dramGb,
    duration: DURATION_S,
    'exp-name': `${entry['model-prefix']}_tp${space.tp}_conc${conc}_${offloadName(space)}${suffix}`,
    'scenario-type': 'agentic-coding',
  };
  return withExtras(withBackend(row, space), entry, space);
}

/** Each concurrency gets its own server, so a row has a single one. */
export function multiNodeAgenticRow(
  entry: ConfigEntry,
  space: MultiNodeSpace,
  dramGb: number,
  conc: number,
): MultiNodeAgenticJob {
  const { prefill, decode } = space;
  const kind = space['kv-offloading'] ?? 'none';
  const workers = `${workerTag('p', prefill)}_${workerTag('d', decode)}`;
  const suffix = kind === 'none' ? '' : `_${offloadName(space)}`;
  const row: MultiNodeAgenticJob = {
    image: entry.image,
    model: entry.model,
    'model-prefix': entry['model-prefix'],
    precision: entry.precision,
    framework: entry.framework,
    runner: entry.runner,
    'spec-decoding': space['spec-decoding'] ?? 'none',
    prefill: withSizes(prefill),
    decode: withSizes(decode),
    conc: [conc],
    'kv-offloading': kind,
    'total-cpu-dram-gb': dramGb,
    duration: DURATION_S,
    'exp-name': `${entry['model-prefix']}_${workers}_conc${conc}${suffix}`,
    disagg: entry.disagg,
    'scenario-type': 'agentic-coding',
  };
  return withExtras(withBackend(row, space), entry, space);
}

function withBackend<J extends object>(row: J, space: SearchSpace): J {
  const backend = space['kv-offload-backend'];
  return backend === undefined ? row : { ...row, 'kv-offload-backend': backend };
}

function offloadName(space: SearchSpace): string {
  const kind = space['kv-offloading'] ?? 'none';
  const backend = space['kv-offload-backend'];
  return kind === 'none' || backend === undefined ? `kv${kind}` : `kv${kind}-${backend.name}`;
}

/** `p2x8ep8dpa`: role, workers × tp, then expert parallelism and data-parallel attention if used. */
function workerTag(role: string, worker: Worker): string {
  const ep = worker.ep === 1 ? '' : `ep${worker.ep}`;
  const dpa = worker['dp-attn'] ? 'dpa' : '';
  return `${role}${worker['num-worker']}x${worker.tp}${ep}${dpa}`;
}
