import type { Job, Worker } from '../matrix/job.js';
import type { Cluster } from './cluster.js';
import type { Sku } from './hardware.js';
import type { LaunchPlan, Role, ServePlan, ServerMetricsSettings, Text } from './launch-plan.js';
import type { NodeFacts } from './node.js';
import type { PluginBase } from './base.js';
import type { AppliedRecipe, Flags, RecipePoint } from './recipes.js';
import type { Rejection } from './rejection.js';
import type { EffectiveSetting, EngineOutput, IntendedSetting } from './settings.js';

/** What a plan is made from. */
export interface PlanContext<O = unknown> {
  readonly job: Job;
  /** Requests in flight at most; one of the job's concurrencies. */
  readonly concurrency: number;
  readonly sku: Sku;
  /** The entry's `options:`, after the plugin's own schema. */
  readonly options: O;
  /** What is known about the node; absent when a plan is made without one. */
  readonly facts?: NodeFacts;
  /** `--compat strict`: the plan is to be the original's, mistakes included. */
  readonly strict: boolean;
  /** Facts about the runner's cluster: paths, partition, aliases; absent for runners outside of any. */
  readonly cluster?: Cluster;
  /** The job in short names, for jobs of fixed lengths on one node, and for a worker of one on many. */
  readonly point?: RecipePoint;
  /** The most specific recipe that matches, applied to the point; absent when there is none. */
  readonly recipe?: AppliedRecipe;
  /** Another framework, for plans that are built on it (Dynamo on SGLang). @throws {SweeplineError} FRAMEWORK_UNKNOWN */
  framework(name: string): Backend;
}

/** A framework as another one sees it. */
export interface Backend {
  readonly plugin: FrameworkPlugin;
  /** What a worker of that framework is to be run with: `role` is `prefill`, `decode` or `server`. */
  worker(role: string, parallelism: Worker): WorkerSettings;
}

/** Settings of one worker, for frameworks that start another one's workers. */
export interface WorkerSettings {
  readonly flags: Flags;
  /** The engine's config file as data, empty for engines without one. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, Text>>;
}

/** An inference engine: what to launch for a job. Method syntax, so that a typed plugin fits the registry's element type. */
export interface FrameworkPlugin<O = unknown> extends PluginBase {
  readonly kind: 'framework';
  /** The config's `framework:` values it serves. */
  readonly frameworks: readonly string[];
  /**
   * Why the job can't be run, and the nearest that can; undefined when it can. With `context.strict` only what no plan can be made for:
   * the original has rules of its own. Pure.
   */
  rejects?(context: PlanContext<O>): Rejection | undefined;
  /** Pure: equal contexts give equal plans, nothing is read or started. */
  plan(context: PlanContext<O>): LaunchPlan;
  /** What `plan` itself runs its server with, for a worker: `context.point` is the worker's. */
  worker?(context: PlanContext<O>): WorkerSettings;
  /**
   * Precisions that it can serve, as configs name them; jobs of others are rejected, unless a recipe is for theirs. Without
   * it any name goes, as a label alone.
   */
  readonly precisions?: readonly string[];
  /** Devices that one replica of a role will use, by what its command line says; undefined for roles that use none. Pure. */
  devices?(role: Role): number | undefined;
  /** Settings that a plan of its own asks for, under the names that `effective` gives them. Pure. */
  intended?(plan: ServePlan, job: Job): readonly IntendedSetting[];
  /** Settings that the engine says it runs with. Those that are intended otherwise mark the result. Pure. */
  effective?(said: EngineOutput): readonly EffectiveSetting[];
  /** Paths of the endpoint that `effective` reads (GET, before and after the load), besides /v1/models, which is always asked. */
  readonly answers?: readonly string[];
  /**
   * For servers with an API of their own: the address of a module whose default export is a Codec, such as
   * `import.meta.resolve('./codec.js')`. An address and not the codec itself, as the processes and threads that send requests
   * import it each for itself. It is an ES module that needs nothing but itself and Node's own modules, as it is copied alone to the
   * machine that the load runs on. Without one, the plan's `client.api` says how the server is spoken to.
   */
  readonly codec?: string;
  /** What the server's own metrics are called, for engines that core doesn't know. */
  readonly serverMetrics?: ServerMetricsSettings;
}
