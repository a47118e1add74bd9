import { FIELD } from '../config/fields.js';
import type { ConfigEntry, FixedSeqLen, SingleNodeSpace } from '../config/model.js';
import type { Job } from './job.js';


/** Which jobs to keep; what is left out keeps all. */
export interface MatrixFilter {
  /** Starts of config keys. */
  readonly modelPrefix?: readonly string[];
  readonly precision?: readonly string[];
  readonly framework?: readonly string[];
  readonly runnerType?: readonly string[];
  readonly minConc?: number;
  readonly maxConc?: number;
}

export interface ExpandOptions extends MatrixFilter {
  /** Factor from one concurrency to the next; above 1. */
  readonly stepSize: number;
}

/** Tokens beside prompt and output that a server must have room for, as InferenceX's matrix has it. */
const MODEL_LEN_MARGIN = 200;

const SEQ_LEN_NAMES: Readonly<Record<string, string>> = {
  '1024_1024': '1k1k',
  '1024_8192': '1k8k',
  '8192_1024': '8k1k',
};

/** The jobs of config entries, in the order of entries, sequence lengths, search spaces and concurrencies. */
export function expand(
  entries: Iterable<readonly [string, ConfigEntry]>,
  options: ExpandOptions,
): readonly Job[] {
  const jobs: Job[] = [];
  for (const [key, entry] of entries) {
    if (!selects(options, key, entry)) continue;
    for (const lengths of entry[FIELD.scenarios][FIELD.fixedSeqLen]) {
      for (const space of lengths['search-space']) {
        if (!(FIELD.tp in space)) continue;
        for (const conc of concurrencies(space, options)) jobs.push(toJob(entry, lengths, space, conc));
      }
    }
  }
  return jobs;
}

function selects(filter: MatrixFilter, key: string, entry: ConfigEntry): boolean {
  const { modelPrefix, precision, framework, runnerType } = filter;
  return (
    (modelPrefix?.some((prefix) => key.startsWith(prefix)) ?? true) &&
    (precision?.includes(entry.precision) ?? true) &&
    (framework?.includes(entry.framework) ?? true) &&
    (runnerType?.includes(entry.runner) ?? true)
  );
}

/** The search space's concurrencies within the filter; a range always ends with conc-end itself. */
function concurrencies(space: SingleNodeSpace, options: ExpandOptions): readonly number[] {
  const all = space['conc-list'] ?? range(space['conc-start'] ?? 1, space['conc-end'] ?? 1, options.stepSize);
  return all.filter((conc) => conc >= (options.minConc ?? 1) && conc <= (options.maxConc ?? Infinity));
}

function range(start: number, end: number, step: number): readonly number[] {
  const values: number[] = [];
  for (let conc = start; conc < end; conc *= step) values.push(conc);
  return [...values, end];
}

function toJob(entry: ConfigEntry, lengths: FixedSeqLen, space: SingleNodeSpace, conc: number): Job {
  const { isl, osl } = lengths;
  return {
    image: entry.image,
    model: entry.model,
    'model-prefix': entry['model-prefix'],
    precision: entry.precision,
    framework: entry.framework,
    runner: entry.runner,
    isl,
    osl,
    tp: space.tp,
    conc,
    'max-model-len': isl + osl + MODEL_LEN_MARGIN,
    ep: space.ep ?? 1,
    'dp-attn': space['dp-attn'] ?? false,
    'spec-decoding': space['spec-decoding'] ?? 'none',
    'exp-name': `${entry['model-prefix']}_${SEQ_LEN_NAMES[`${isl}_${osl}`] ?? `${isl}_${osl}`}`,
    disagg: entry.disagg,
    'run-eval': false,
    ...(entry.options === undefined ? {} : { options: entry.options }),
  };
}
