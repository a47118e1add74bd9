import type { Job } from '../matrix/job.js';
import type { Sku } from './hardware.js';
import type { LaunchPlan, Text } from './launch-plan.js';
import type { NodeFacts } from './node.js';
import type { PluginBase } from './plugin.js';

/** What a plan is made from. */
export interface PlanContext<O = unknown> {
  readonly job: Job;
  /** Requests in flight at most; one of the job's concurrencies. */
  readonly concurrency: number;
  readonly sku: Sku;
  /** The entry's `options:`, after the plugin's own schema. */
  readonly options: O;
  /** What is known about the node; absent when a plan is printed without one. */
  readonly facts?: NodeFacts;
  /** Another framework plugin, for plans that are built on it (Dynamo on SGLang). Throws when it isn't installed. */
  framework(name: string): FrameworkPlugin;
}

/** Why a job can't be run, and the nearest choice that can. */
export interface Rejection {
  readonly reason: string;
  readonly nearest?: Readonly<Record<string, unknown>>;
}

/** Settings of one worker, for frameworks that start another one's workers. */
export interface WorkerSettings {
  readonly flags: readonly Text[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, Text>>;
}

/** An inference engine: what to launch for a job. Method syntax, so that a typed plugin fits the registry's element type. */
export interface FrameworkPlugin<O = unknown> extends PluginBase {
  readonly kind: 'framework';
  /** The config's `framework:` values it serves. */
  readonly frameworks: readonly string[];
  /** Default container image; the config's overrides it; none: it runs on the host. */
  image?(job: Job, sku: Sku): string | undefined;
  /** Parallelism and support rules; undefined when the job can be run. */
  rejects?(job: Job, sku: Sku): Rejection | undefined;
  /** Pure: equal contexts give equal plans, nothing is read or started. */
  plan(context: PlanContext<O>): LaunchPlan;
  worker?(context: PlanContext<O>, role: string): WorkerSettings;
  /** Settings the engine says it runs with, read from its log, to hold against the intended ones. */
  effective?(log: string): Readonly<Record<string, string>>;
  /** Module specifier of a stream codec; default: OpenAI streaming completions. */
  readonly codec?: string;
}
