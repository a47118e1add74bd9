import { FIELD } from '../../config/fields.js';
import type {
  ConfigEntry,
  MultiNodeSpace,
  SearchSpace,
  SingleNodeSpace,
  Worker,
} from '../../config/model.js';
import type { MultiNodeAgenticJob, SingleNodeAgenticJob } from '../job.js';
import { withExtras, withSizes } from './parts.js';

/** Seconds that traces are replayed (InferenceX, August 2026). */
const DURATION_S = 3600;

export function singleNodeAgenticRow(
  entry: ConfigEntry,
  space: SingleNodeSpace,
  dramGb: number,
  conc: number,
): SingleNodeAgenticJob {
  const spec = space[FIELD.specDecoding] ?? 'none';
  const suffix = spec === 'none' ? '' : `_spec-${spec}`;
  const row: SingleNodeAgenticJob = {
    [FIELD.image]: entry[FIELD.image],
    [FIELD.model]: entry[FIELD.model],
    [FIELD.modelPrefix]: entry[FIELD.modelPrefix],
    [FIELD.precision]: entry[FIELD.precision],
    [FIELD.framework]: entry[FIELD.framework],
    [FIELD.runner]: entry[FIELD.runner],
    [FIELD.tp]: space[FIELD.tp],
    [FIELD.pp]: space[FIELD.pp] ?? 1,
    [FIELD.dcpSize]: space[FIELD.dcpSize] ?? 1,
    [FIELD.pcpSize]: space[FIELD.pcpSize] ?? 1,
    [FIELD.ep]: space[FIELD.ep] ?? 1,
    [FIELD.dpAttn]: space[FIELD.dpAttn] ?? false,
    [FIELD.specDecoding]: spec,
    [FIELD.conc]: conc,
    [FIELD.kvOffloading]: space[FIELD.kvOffloading] ?? 'none',
    [FIELD.totalCpuDramGb]: dramGb,
    [FIELD.duration]: DURATION_S,
    [FIELD.expName]: `${entry[FIELD.modelPrefix]}_tp${space[FIELD.tp]}_conc${conc}_${offloadName(space)}${suffix}`,
    [FIELD.scenarioType]: FIELD.agenticCoding,
  };
  return withExtras(withBackend(row, space), entry, space);
}

/** Each concurrency gets a server of its own, so a row has one. */
export function multiNodeAgenticRow(
  entry: ConfigEntry,
  space: MultiNodeSpace,
  dramGb: number,
  conc: number,
): MultiNodeAgenticJob {
  const { [FIELD.prefill]: prefill, [FIELD.decode]: decode } = space;
  const kind = space[FIELD.kvOffloading] ?? 'none';
  const workers = `${workerTag('p', prefill)}_${workerTag('d', decode)}`;
  const suffix = kind === 'none' ? '' : `_${offloadName(space)}`;
  const row: MultiNodeAgenticJob = {
    [FIELD.image]: entry[FIELD.image],
    [FIELD.model]: entry[FIELD.model],
    [FIELD.modelPrefix]: entry[FIELD.modelPrefix],
    [FIELD.precision]: entry[FIELD.precision],
    [FIELD.framework]: entry[FIELD.framework],
    [FIELD.runner]: entry[FIELD.runner],
    [FIELD.specDecoding]: space[FIELD.specDecoding] ?? 'none',
    [FIELD.prefill]: withSizes(prefill),
    [FIELD.decode]: withSizes(decode),
    [FIELD.conc]: [conc],
    [FIELD.kvOffloading]: kind,
    [FIELD.totalCpuDramGb]: dramGb,
    [FIELD.duration]: DURATION_S,
    [FIELD.expName]: `${entry[FIELD.modelPrefix]}_${workers}_conc${conc}${suffix}`,
    [FIELD.disagg]: entry[FIELD.disagg],
    [FIELD.scenarioType]: FIELD.agenticCoding,
  };
  return withExtras(withBackend(row, space), entry, space);
}

function withBackend<J extends object>(row: J, space: SearchSpace): J {
  const backend = space[FIELD.kvOffloadBackend];
  return backend === undefined ? row : { ...row, [FIELD.kvOffloadBackend]: backend };
}

function offloadName(space: SearchSpace): string {
  const kind = space[FIELD.kvOffloading] ?? 'none';
  const backend = space[FIELD.kvOffloadBackend];
  return kind === 'none' || backend === undefined ? `kv${kind}` : `kv${kind}-${backend[FIELD.name]}`;
}

/** `p2x8ep8dpa`: role, workers × tp, expert parallelism and data-parallel attention where there are any. */
function workerTag(role: string, worker: Worker): string {
  const ep = worker[FIELD.ep] === 1 ? '' : `ep${worker[FIELD.ep]}`;
  const dpa = worker[FIELD.dpAttn] ? 'dpa' : '';
  return `${role}${worker[FIELD.numWorker]}x${worker[FIELD.tp]}${ep}${dpa}`;
}
