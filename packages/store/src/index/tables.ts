export interface Column {
  readonly type: 'text' | 'integer' | 'number' | 'flag' | 'time';
  /** What it is, with its unit. */
  readonly what: string;
}

export type Columns = Readonly<Record<string, Column>>;

const text = (what: string): Column => ({ type: 'text', what });
const integer = (what: string): Column => ({ type: 'integer', what });
const number = (what: string): Column => ({ type: 'number', what });
const flag = (what: string): Column => ({ type: 'flag', what });
const time = (what: string): Column => ({ type: 'time', what: `${what}; UTC` });

const source = { source: integer('`id` in `sources`: the folder that it was read from') };
const inRun = { ...source, run: text('name of a run: `run` in `runs`') };
const ofPoint = { ...inRun, point: text('`point` in `results`') };

type WorkerColumn<R extends string> =
  `${R}_tp` | `${R}_ep` | `${R}_dp_attention` | `${R}_num_workers` | `num_${R}_gpu`;

const worker = <R extends string>(role: R) =>
  ({
    [`${role}_tp`]: integer(`tensor parallelism of a ${role} worker`),
    [`${role}_ep`]: integer(`expert parallelism of a ${role} worker`),
    [`${role}_dp_attention`]: flag(`whether ${role} workers have data-parallel attention`),
    [`${role}_num_workers`]: integer(`${role} workers`),
    [`num_${role}_gpu`]: integer(`devices of all ${role} workers`),
  }) as Readonly<Record<WorkerColumn<R>, Column>>;

/** Which measurement a row describes; the names are those of InferenceX's rows where it has them. */
const identity = {
  model: text('as the engine calls it'),
  infmax_model_prefix: text('short name: `dsr1`, `gptoss`'),
  hw: text('hardware as the file has it, which may be the name of a node'),
  sku: text('hardware: `h200`, `mi355x`'),
  framework: text('`sglang`, `vllm`, `trt`, …'),
  precision: text('`fp4`, `fp8`, …'),
  spec_decoding: text('`none`, `mtp`, …'),
  disagg: flag('whether prefill and decode have servers of their own'),
  is_multinode: flag('whether it takes several nodes'),
  isl: integer('input tokens of a request'),
  osl: integer('output tokens of a request'),
  conc: integer('most requests in flight at once'),
  load: text("how it was loaded, if not with InferenceX's random prompts in a closed loop"),
  rate: number('requests per second, of loads that have a rate'),
  tp: integer('tensor parallelism'),
  pp: integer('pipeline parallelism'),
  dcp_size: integer('decode context parallelism'),
  pcp_size: integer('prefill context parallelism'),
  ep: integer('expert parallelism'),
  dp_attention: flag('data-parallel attention'),
  ...worker('prefill'),
  ...worker('decode'),
  image: text('container image'),
} as const satisfies Columns;

/** Tables of the index. `results` has a column for each metric besides these. */
export const TABLES = {
  sources: {
    id: integer('number of a folder'),
    folder: text('a run, or what was imported'),
    kind: text('`run` or `import`'),
    state: text('by which a change is seen: sizes and times of its files'),
    problem: text('why it, or a part of it, could not be read'),
  },
  run_parts: {
    ...inRun,
    folder: text('where its files are'),
    origin: text('`sweepline`, `inferencex`, `vllm-bench` or `aiperf`: whose definitions its numbers have'),
    state: text('`running`, `finished`, `interrupted` or `failed`; missing of imports'),
    reason: text('why it ended early'),
    sweepline: text("Sweepline's version"),
    points: integer('its points, with and without a result'),
    started_at: time('its begin'),
    finished_at: time('its end'),
    url: text('where it is published'),
  },
  result_rows: {
    ...inRun,
    point: text('name within its run'),
    repeat: integer('which measurement of the point in its run, from 1; missing of imports'),
    repeat_of: text('name of the point that it measures: the same for all of its repeats in a run'),
    origin: text('whose definitions its numbers have'),
    series: text(
      'digest of what was measured, without image and versions: the same in runs that can be compared',
    ),
    state: text(
      '`completed`, `failed`, `interrupted`, `rejected` (its plan was refused) or `skipped` (never begun)',
    ),
    layer: text('the part of the launch that failed'),
    error_code: text('code of the error; of a skipped point `fail-fast`, `budget` or `stop`'),
    error: text('what went wrong, or what skipped it'),
    is_valid: flag('completed, and without a mark that makes it invalid'),
    withheld: text('why it is in no agg_*.json, whatever other repeats of its point there are'),
    started_at: time('its begin'),
    finished_at: time('its end; of imports the day or time that the file has'),
    ...identity,
    image_digest: text('digest of the manifest, of the image it ran in'),
    platform: text('of the image: `linux/amd64`'),
    node: text("name of the endpoint's node"),
    engine_version: text('as the engine reports it'),
    sweepline: text("Sweepline's version"),
    client: text('name and version of the load generator'),
    session: text('token of the session that served it'),
    offered: integer('requests that were due'),
    sent: integer('requests that were sent'),
    requests_completed: integer('requests that were answered in full'),
    requests_failed: integer('requests that failed'),
    peak_in_flight: integer('most requests that were in flight at once'),
    file: text('where it was read'),
    job: text('the expanded matrix entry, as JSON'),
    provenance: text('where it was measured, with which software, as JSON'),
    extra: text('what else an imported row says, as JSON'),
  },
  marks: {
    ...ofPoint,
    code: text('name of the mark'),
    severity: text('`note` or `invalid`'),
    message: text('what was found'),
  },
  intervals: {
    ...ofPoint,
    key: text('column of `results`'),
    low: number("low end, in the metric's unit"),
    high: number("high end, in the metric's unit"),
    covers: text('its level, and which variation it covers: that within one run'),
  },
  outputs: {
    ...inRun,
    key: text('column of `results`'),
    label: text('its name in tables'),
    unit: text('its unit'),
    better: text('`lower`, `higher` or `neither`'),
    definition: text('its definition, with the source'),
  },
  journal: {
    ...inRun,
    seq: integer('number of the entry, from 1'),
    time: time('when it was written'),
    type: text('`session-begun`, `point-ended`, …'),
    entry: text('all of it, as JSON'),
  },
  evals: {
    ...inRun,
    point: text('`point` in `results`; missing of imports'),
    ...identity,
    task: text('`gsm8k`, …'),
    date: time('of the file'),
    em_strict: number('exact match, strict filter: a fraction'),
    em_strict_se: number('its standard error'),
    em_flexible: number('exact match, flexible filter: a fraction'),
    em_flexible_se: number('its standard error'),
    n_eff: number('samples'),
    score: number('a fraction'),
    score_se: number('its standard error'),
    floor: number('lowest score that is good enough: a fraction'),
    verdict: text('`passed`, `below-floor`, `no-floor` or `failed`; missing of imports'),
    file: text('where it was read'),
    extra: text('what else the row says, as JSON'),
  },
  success: {
    ...inRun,
    sku: text('hardware'),
    date: time('the day, if the file has one'),
    n_success: integer('jobs that succeeded'),
    total: integer('all jobs'),
    file: text('where it was read'),
  },
  availability: {
    ...inRun,
    date: time('a day with results'),
    ...{ infmax_model_prefix: identity.infmax_model_prefix, sku: identity.sku },
    ...{ framework: identity.framework, precision: identity.precision },
    ...{ spec_decoding: identity.spec_decoding, disagg: identity.disagg },
    ...{ isl: identity.isl, osl: identity.osl },
    file: text('where it was read'),
  },
  skipped: {
    ...inRun,
    file: text('where it is'),
    reason: text('why it is not among the results'),
    rows: integer('how many'),
  },
} as const satisfies Readonly<Record<string, Columns>>;

export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** What a cell may hold; missing is missing, never 0. Times are ISO 8601. */
export type Cell = string | number | boolean | undefined;

/** A row, without the columns that the index adds. */
export type RowOf<T extends TableName> = {
  readonly [K in Exclude<keyof (typeof TABLES)[T], 'source'>]?: Cell;
};

export type Identity = { readonly [K in keyof typeof identity]?: Cell };
export const IDENTITY_KEYS: ReadonlySet<string> = new Set(Object.keys(identity));

/** Numbers that `results` has a column for before any result has them, so that a query may name them: those of InferenceX's rows. */
export const RESULT_NUMBERS: readonly string[] = [
  ...['tput_per_gpu', 'output_tput_per_gpu', 'input_tput_per_gpu'],
  ...['ttft', 'tpot', 'itl', 'e2el', 'intvty'].flatMap((metric) =>
    ['mean', 'median', 'std', 'p90', 'p99', 'p99.9'].map((statistic) => `${statistic}_${metric}`),
  ),
];
