import { FIELD } from '../../config/fields.js';
import type {
  Component,
  ConfigEntry,
  MultiNodeSpace,
  SearchSpace,
  SingleNodeSpace,
  Worker,
} from '../../config/model.js';
import type { MultiNodeAgenticJob, SingleNodeAgenticJob } from '../job.js';
import { components, options, sizes, withSizes } from './parts.js';

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
  const name = `${entry[FIELD.modelPrefix]}_tp${space[FIELD.tp]}_conc${conc}_${offloadName(space)}${suffix}`;
  return {
    ...head(entry),
    [FIELD.tp]: space[FIELD.tp],
    ...sizes(space),
    [FIELD.ep]: space[FIELD.ep] ?? 1,
    [FIELD.dpAttn]: space[FIELD.dpAttn] ?? false,
    [FIELD.specDecoding]: spec,
    [FIELD.conc]: conc,
    ...offload(space, dramGb),
    [FIELD.expName]: name,
    [FIELD.scenarioType]: FIELD.agenticCoding,
    ...backend(space),
    ...components(entry, space),
    ...options(entry),
  };
}

/** Each concurrency gets a server of its own, so a row has one. */
export function multiNodeAgenticRow(
  entry: ConfigEntry,
  space: MultiNodeSpace,
  dramGb: number,
  conc: number,
): MultiNodeAgenticJob {
  const prefill = withSizes(space[FIELD.prefill]);
  const decode = withSizes(space[FIELD.decode]);
  const workers = `${workerTag('p', prefill)}_${workerTag('d', decode)}`;
  const suffix = offloadOf(space) === 'none' ? '' : `_${offloadName(space)}`;
  return {
    ...head(entry),
    [FIELD.specDecoding]: space[FIELD.specDecoding] ?? 'none',
    [FIELD.prefill]: prefill,
    [FIELD.decode]: decode,
    [FIELD.conc]: [conc],
    ...offload(space, dramGb),
    [FIELD.expName]: `${entry[FIELD.modelPrefix]}_${workers}_conc${conc}${suffix}`,
    [FIELD.disagg]: entry[FIELD.disagg],
    [FIELD.scenarioType]: FIELD.agenticCoding,
    ...backend(space),
    ...components(entry, space),
    ...options(entry),
  };
}

function head(entry: ConfigEntry) {
  return {
    [FIELD.image]: entry[FIELD.image],
    [FIELD.model]: entry[FIELD.model],
    [FIELD.modelPrefix]: entry[FIELD.modelPrefix],
    [FIELD.precision]: entry[FIELD.precision],
    [FIELD.framework]: entry[FIELD.framework],
    [FIELD.runner]: entry[FIELD.runner],
  };
}

function offload(space: SearchSpace, dramGb: number) {
  return {
    [FIELD.kvOffloading]: offloadOf(space),
    [FIELD.totalCpuDramGb]: dramGb,
    [FIELD.duration]: DURATION_S,
  };
}

function offloadOf(space: SearchSpace): 'none' | 'dram' {
  return space[FIELD.kvOffloading] ?? 'none';
}

function backend(space: SearchSpace) {
  const used = space[FIELD.kvOffloadBackend];
  return used === undefined ? {} : { [FIELD.kvOffloadBackend]: used };
}

function offloadName(space: SearchSpace): string {
  const used: Component | undefined = space[FIELD.kvOffloadBackend];
  const kind = offloadOf(space);
  return kind === 'none' || used === undefined ? `kv${kind}` : `kv${kind}-${used[FIELD.name]}`;
}

/** `p2x8ep8dpa`: role, workers × tp, expert parallelism and data-parallel attention where there are any. */
function workerTag(role: string, worker: Worker): string {
  const ep = worker[FIELD.ep] === 1 ? '' : `ep${worker[FIELD.ep]}`;
  const dpa = worker[FIELD.dpAttn] ? 'dpa' : '';
  return `${role}${worker[FIELD.numWorker]}x${worker[FIELD.tp]}${ep}${dpa}`;
}
