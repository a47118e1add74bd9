import type { ComparedMetric, LearntNoise } from '@sweepline/store/judge';

/**
 * Files of a site's folder `data`, each as JSON, and as a script of the same content that runs from `file://`:
 *
 * - `index`: SiteIndex, which names all others;
 * - `points`: TableData with a row per point: what was measured, how it ended, where. Columns: POINT_COLUMNS;
 * - `metrics/N`: MetricColumn, the numbers of one metric for all points;
 * - `noise`: SiteNoise, what `sweepline compare` has learnt of noise, so that pages judge as it does;
 * - `changelog`: TableData, the entries that runs were started for. Columns: CHANGELOG_COLUMNS;
 * - `between`: TableData, how far a number may be off from run to run. Columns: BETWEEN_COLUMNS;
 * - `details/N`: PointDetail of DETAILS_PER_FILE points each;
 * - `requests/ROW`: TableData with a row per request of the point in that row of `points`. Columns: REQUEST_COLUMNS;
 * - `samples/ROW`: TableData of what was read from devices and from the server during its load. Columns: SAMPLE_COLUMNS;
 * - `evals`: TableData with a row per score. Columns: EVAL_COLUMNS; `success`: TableData, jobs of imported runs by hardware. Columns:
 *   SUCCESS_COLUMNS.
 */
export const SITE_SCHEMA = 'sweepline.site/1';
export const DETAILS_PER_FILE = 100;

export interface SiteIndex {
  readonly schema: typeof SITE_SCHEMA;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly builtAt: string;
  readonly sweepline: string;
  readonly points: number;
  readonly runs: readonly SiteRun[];
  readonly metrics: readonly SiteMetric[];
  readonly hardware: readonly SiteHardware[];
  /** Names, without `.json` or `.js`, of the files that there are besides those of points. */
  readonly files: readonly string[];
}

export interface SiteRun {
  readonly run: string;
  /** `sweepline`, `inferencex`, `vllm-bench` or `aiperf`: whose definitions its numbers have. */
  readonly origin: string;
  readonly state?: string;
  readonly startedAt?: string;
  readonly url?: string;
  readonly points: number;
}

export interface SiteMetric {
  /** Column of the store's `results`, such as `tput_per_gpu`. */
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher' | 'neither';
  /** With its source. */
  readonly definition: string;
  /** Its file: `metrics/N`. */
  readonly file: string;
}

/** A kind of device: what hardware plugins know of it. Figures that aren't known are missing. */
export interface SiteHardware {
  readonly sku: string;
  readonly vendor: string;
  readonly device: string;
  readonly devicesPerNode: number;
  readonly memoryGiB?: number;
  readonly memoryBandwidthGBps?: number;
  readonly interconnect?: { readonly name: string; readonly gBps: number; readonly domain: number };
  /** Dense FLOP/s per device, by precision. */
  readonly flops?: Readonly<Record<string, number>>;
  /** W per device. */
  readonly tdpW?: number;
  /** W per device with its share of host, network and cooling. */
  readonly allInW?: number;
  /** USD per device-hour, by kind of offer. */
  readonly pricePerHour?: Readonly<Record<string, number>>;
  readonly sources: readonly { readonly what: string; readonly url?: string; readonly date: string }[];
}

/** Columns of `points`: names and meanings are those of the store's table `results`, as far as it has them. */
export const POINT_COLUMNS = {
  text: [
    ...['run', 'point', 'origin', 'series', 'state', 'layer', 'error_code', 'error', 'withheld'],
    ...[
      'model',
      'infmax_model_prefix',
      'sku',
      'hw',
      'framework',
      'precision',
      'spec_decoding',
      'load',
      'image',
    ],
    ...['node', 'engine_version', 'client', 'repeat_of', 'started_at', 'finished_at'],
    ...['image_digest', 'platform', 'sweepline'],
    /** Digest of the recipe: what its file calls `recipe_fingerprint`, else of the job without its image. The same recipe has the same. */
    'recipe',
  ],
  number: [
    ...['isl', 'osl', 'conc', 'rate', 'repeat', 'tp', 'pp', 'ep', 'dcp_size', 'pcp_size'],
    ...['prefill_tp', 'prefill_ep', 'prefill_num_workers', 'num_prefill_gpu'],
    ...['decode_tp', 'decode_ep', 'decode_num_workers', 'num_decode_gpu'],
    /** All devices that it used. */
    'devices',
  ],
  flag: [
    'is_valid',
    'is_duplicate',
    'disagg',
    'is_multinode',
    'dp_attention',
    'prefill_dp_attention',
    'decode_dp_attention',
  ],
  /** Codes of its marks. */
  texts: ['marks'],
} as const;

export interface MetricColumn {
  readonly key: string;
  /** By row of `points`. */
  readonly values: readonly (number | null)[];
}

/** Scales of the difference ln(b/a) of two measurements of the same, with Student's t: see @sweepline/store/judge. */
export interface SiteNoise {
  readonly metrics: readonly SiteMetricNoise[];
}

/** A metric that is judged, and its noise; missing where fewer repeats are known than say anything. */
export interface SiteMetricNoise extends ComparedMetric {
  readonly points?: LearntNoise;
  /** Of points of which one run has stalled. */
  readonly stalledPoints?: LearntNoise;
  /** Of curves: the median of the differences of their points. */
  readonly curves?: LearntNoise;
  /** Different ones among the repeats. */
  readonly runs: number;
  readonly nodes: number;
}

/** `run` and its `date`; `revision` of the changelog; `keys` of configs with spaces between them; `description`; `link`. */
export const CHANGELOG_COLUMNS = ['run', 'date', 'revision', 'keys', 'description', 'link'] as const;

/** `row` of `points`; `metric`; `low`, `high` in its unit; `runs`: how many; `basis`: `repeats` or `noise-model`; `level`: 0.95. */
export const BETWEEN_COLUMNS = ['row', 'metric', 'low', 'high', 'runs', 'basis', 'level'] as const;

/** `sent_ms` from the window's begin; `ttft_ms`, `e2el_ms` since it was sent; `input_tokens`, `output_tokens`; `max_gap_ms`; `error`. */
export const REQUEST_COLUMNS = [
  'sent_ms',
  'ttft_ms',
  'e2el_ms',
  'input_tokens',
  'output_tokens',
  'max_gap_ms',
  'error',
] as const;

/** `ms` from the window's begin; `source`: a device's number, or `server`; `name`: `power_w`, `kv_usage`, `queue`, …; `value`. */
export const SAMPLE_COLUMNS = ['ms', 'source', 'name', 'value'] as const;

/** Names and meanings are those of the store's table `evals`: scores are fractions, `_se` are standard errors, `date` is ISO 8601. */
export const EVAL_COLUMNS = {
  text: [
    ...['run', 'task', 'date', 'model', 'infmax_model_prefix', 'sku', 'hw', 'framework', 'precision'],
    ...['spec_decoding', 'image'],
  ],
  number: [
    ...['em_strict', 'em_strict_se', 'em_flexible', 'em_flexible_se', 'score', 'score_se', 'n_eff'],
    ...['isl', 'osl', 'conc', 'tp', 'ep'],
  ],
  flag: ['disagg', 'is_multinode', 'dp_attention'],
} as const;

/** Of the store's table `success`; `date` is ISO 8601. */
export const SUCCESS_COLUMNS = { text: ['run', 'sku', 'date'], number: ['n_success', 'total'] } as const;

/** What a point's page shows besides its row. */
export interface PointDetail {
  readonly row: number;
  /** All of its numbers, by key of SiteMetric, so that its page loads no column of all points. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly marks: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
  /** Intervals within its run, by metric. */
  readonly intervals: Readonly<
    Record<string, { readonly low: number; readonly high: number; readonly covers: string }>
  >;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly layer?: string;
    readonly where?: string;
    readonly hint?: string;
    readonly logTail?: string;
  };
  /** Requests. Members that aren't known are missing. */
  readonly delivered?: {
    readonly offered?: number;
    readonly sent?: number;
    readonly completed?: number;
    readonly failed?: number;
    readonly peakInFlight?: number;
  };
  /** The expanded matrix entry. */
  readonly job?: unknown;
  /** What was launched. Secrets are masked where it was written. */
  readonly plan?: unknown;
  readonly provenance?: unknown;
  /** The load spec. */
  readonly load?: unknown;
  /** What else an imported row says. */
  readonly extra?: unknown;
  /** Arguments that run it again, the program first. `job.json` in them is a list with `job` alone, `load.json` is `load`. */
  readonly reproduce?: readonly string[];
  readonly logs: readonly {
    readonly role: string;
    readonly replica: number;
    readonly rank: number;
    readonly tail: string;
  }[];
  /** What is not all here, and how much there is. */
  readonly notes?: readonly string[];
  /** Whether `requests/ROW` and `samples/ROW` are there. */
  readonly hasRequests: boolean;
  readonly hasSamples: boolean;
}
