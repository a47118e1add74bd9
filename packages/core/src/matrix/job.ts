/** What every matrix entry carries; keys are those of InferenceX's matrix JSON. Lengths are in tokens. */
interface JobBase {
  /** Container image; `host` when the framework runs without a container. */
  readonly image: string;
  readonly model: string;
  readonly 'model-prefix': string;
  readonly precision: string;
  readonly framework: string;
  /** A runner label or the name of a node under it. */
  readonly runner: string;
  readonly isl: number;
  readonly osl: number;
  readonly 'spec-decoding': string;
  readonly 'max-model-len': number;
  readonly 'exp-name': string;
  readonly disagg: boolean;
  readonly 'run-eval': boolean;
  /** The config entry's `options:`, as written; checked by the framework plugin's schema. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface SingleNodeJob extends JobBase {
  readonly tp: number;
  readonly ep: number;
  readonly 'dp-attn': boolean;
  readonly conc: number;
}

/** One expanded matrix entry. */
export type Job = SingleNodeJob;

/** What is measured and becomes one result: a job at one concurrency. */
export interface Point {
  readonly job: Job;
  /** Requests in flight at most. */
  readonly concurrency: number;
}

/** The points of a job, in the order they are run. */
export function pointsOf(job: Job): readonly Point[] {
  return [{ job, concurrency: job.conc }];
}
