import type { SweeplineError } from '../errors.js';
import type { Devices } from '../matrix/devices.js';
import type { JobLoad } from '../load/scenario/load.js';
import { describeLoad, promptsIn, sizesOf as loadSizes, type Sizes } from '../load/scenario/spec.js';
import { isFixedSeqLen, type Job } from '../matrix/job.js';
import type { EvalText } from '../plugin/eval.js';
import type { PrintedCommand } from '../plugin/launch-commands.js';
import type {
  ClientSettings,
  DelegatePlan,
  ReadyWhen,
  ServePlan,
  SubmitSpec,
} from '../plugin/launch-plan.js';
import type { ProcessSpec } from '../plugin/node.js';
import { plannedDevices } from './devices.js';
import type { PlannedEval } from './evals.js';
import { deviceEnv, layOut, type PlacedProcess } from './layout.js';
import type { PlannedPoint } from './plan.js';
import {
  PLACEHOLDERS,
  placeholderResolver,
  resolveRole,
  resolveText,
  resolveValues,
  type Circumstances,
  type RefResolver,
} from './resolve.js';

/** A plan as `sweepline plan --json` prints it. */
export type PrintedPlan =
  | { readonly job: Job; readonly failed: { readonly code: string; readonly reason: string } }
  | { readonly job: Job; readonly rejected: { readonly reason: string; readonly nearest?: unknown } }
  | {
      readonly job: Job;
      readonly image?: string;
      /** The divisor of the row's throughput. */
      readonly devices: Devices;
      readonly prepare: readonly PrintedCommand[];
      readonly processes: readonly PrintedProcess[];
      readonly readiness: readonly {
        readonly role: string;
        readonly path: string;
        readonly timeoutS: number;
      }[];
      readonly endpoint?: { readonly baseUrl: string };
      readonly client?: PrintedClient;
      /** What the server is asked after the load; missing where that is nothing. */
      readonly evals?: readonly PrintedEval[];
      readonly warnings?: readonly string[];
    };

/** A task, with `{endpoint}` and `{folder}` for what is known only once its server runs. */
export interface PrintedEval {
  readonly task: string;
  readonly plugin: string;
  readonly concurrency: number;
  readonly floor?: number;
  /** Whether it is run by the load's Node.js, or where the server is. */
  readonly runtime: 'node' | 'server';
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly setup: readonly (readonly string[])[];
  /** Paths in its folder. */
  readonly files: readonly string[];
}

export interface PrintedProcess extends PrintedCommand {
  readonly role: string;
  readonly node: number;
  /** Nodes on which this one process starts its ranks, beginning with its own; missing if it is one. */
  readonly nodes?: number;
  /** Indices of its devices on each of its nodes; missing if it has none. */
  readonly devices?: readonly number[];
  readonly files: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface PrintedClient {
  readonly backend: string;
  /** Missing if only a data set determines the number. */
  readonly numPrompts?: number;
  readonly numWarmups?: number;
  readonly concurrency: number;
  /** If it isn't random prompts in a closed loop. */
  readonly load?: string;
  /** Requests or conversations per second. */
  readonly rate?: number;
  /** Missing if the scenario has no fixed lengths. */
  readonly inputLen?: number;
  readonly outputLen?: number;
  readonly rangeRatio: number;
  readonly ignoreEos: boolean;
  readonly chatTemplate: boolean;
}

/** Addresses and dates that aren't known yet are placeholders; ports that aren't fixed are counted up from `port`. */
export function printPlan(
  planned: PlannedPoint,
  port: number,
  circumstances: Circumstances = PLACEHOLDERS,
): PrintedPlan {
  const { job } = planned.point;
  if (planned.state === 'rejected') return { job, rejected: planned.rejection };
  if (planned.state === 'failed') return failedPlan(planned, planned.error);
  const { plan, warnings, evals = [] } = planned;
  const printed =
    plan.kind === 'serve'
      ? printServe(planned, plan, port, circumstances)
      : printDelegate(job, plan, circumstances);
  return {
    ...printed,
    ...(evals.length === 0 ? {} : { evals: evals.map(printEval) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function printEval({ task, plugin, plan, concurrency, floor }: PlannedEval): PrintedEval {
  const print = (text: EvalText): string =>
    typeof text === 'string'
      ? text
      : text.map((part) => (typeof part === 'string' ? part : `{${part.ref}}`)).join('');
  const { runtime, argv, env = {}, setup = [], files } = plan;
  return {
    ...{ task, plugin: plugin.plugin.name, concurrency, runtime },
    ...(floor !== undefined && { floor }),
    argv: argv.map(print),
    env: Object.fromEntries(Object.entries(env).map(([key, text]) => [key, print(text)])),
    setup: setup.map((command) => command.map(print)),
    files: Object.keys(files),
  };
}

/** What to print for a job whose plan could not be made or printed. */
export function failedPlan({ point }: PlannedPoint, { code, message }: SweeplineError): PrintedPlan {
  return { job: point.job, failed: { code, reason: message } };
}

function printServe(
  { point: { job, concurrency }, runner }: PlannedPoint,
  plan: ServePlan,
  port: number,
  circumstances: Circumstances,
): PrintedPlan {
  const placed = layOut(plan.roles, runner.sku.devicesPerNode);
  const resolve = placeholderResolver(plan.roles, port, 0, circumstances);
  const printProcess = (process: PlacedProcess): PrintedProcess => {
    const resolveHere = placeholderResolver(plan.roles, port, process.rank, circumstances);
    const { argv, env, files } = resolveRole(process.role, resolveHere, process.replica);
    const visible = deviceEnv(process, placed, runner.hardware.plugin);
    return { ...placeOf(process), argv, env: { ...env, ...visible }, files };
  };
  return {
    job,
    ...imageOf(plan),
    devices: plannedDevices(plan, job),
    prepare: plan.roles.flatMap((role) => role.setup ?? []).map(printSpec),
    processes: placed.map(printProcess),
    readiness: plan.ready.map(({ role, when, timeoutS }) => ({ role, path: readinessPath(when), timeoutS })),
    endpoint: { baseUrl: baseUrlOf(plan, resolve) },
    client: printClient(plan.client, job, concurrency),
  };
}

function placeOf({
  role,
  node,
  devices,
}: PlacedProcess): Omit<PrintedProcess, 'files' | keyof PrintedCommand> {
  const { nodes, wireUp } = role.place;
  return {
    role: role.name,
    node,
    ...(wireUp === 'pmix' && nodes > 1 ? { nodes } : {}),
    ...(devices.length === 0 ? {} : { devices }),
  };
}

function printSpec({ argv, env }: ProcessSpec): PrintedCommand {
  return { argv, env: env ?? {} };
}

function printDelegate(job: Job, plan: DelegatePlan, circumstances: Circumstances): PrintedPlan {
  const resolve = placeholderResolver([], 0, 0, circumstances);
  const command = ({ argv, env }: SubmitSpec): PrintedCommand => ({
    argv: argv.map((text) => resolveText(text, resolve)),
    env: resolveValues(env, resolve),
  });
  const { cwd } = plan.submit;
  return {
    job,
    ...(plan.image === undefined ? {} : { image: plan.image }),
    devices: plannedDevices(plan, job),
    prepare: (plan.setup ?? []).map(command),
    processes: [
      {
        role: 'submit',
        node: 0,
        ...command(plan.submit),
        files: resolveValues(plan.files ?? {}, resolve),
        ...(cwd === undefined ? {} : { cwd: resolveText(cwd, resolve) }),
      },
    ],
    readiness: [],
  };
}

function imageOf({ roles }: ServePlan): { readonly image?: string } {
  const runtime = roles.find((role) => role.runtime.kind === 'container')?.runtime;
  return runtime?.kind === 'container' ? { image: runtime.image } : {};
}

function readinessPath(when: ReadyWhen): string {
  if ('http' in when) return when.http;
  if ('log' in when) return `log: ${when.log}`;
  if ('tcp' in when) return `tcp: ${when.tcp}`;
  return `exec: ${when.exec.join(' ')}`;
}

/** `http://host:port` of the plan's endpoint. */
export function baseUrlOf({ endpoint }: ServePlan, resolve: RefResolver): string {
  const host = resolveText([{ ...endpoint, ref: 'host' }], resolve);
  return `http://${host}:${resolveText([{ ...endpoint, ref: 'port' }], resolve)}`;
}

function printClient(client: ClientSettings, job: Job, concurrency: number): PrintedClient {
  return {
    backend: client.backend ?? 'openai',
    ...sizesOf(client, job, concurrency),
    concurrency,
    ...(job.load === undefined ? {} : loadOf(job.load)),
    ...(isFixedSeqLen(job) ? { inputLen: job.isl, outputLen: job.osl } : {}),
    rangeRatio: client.rangeRatio,
    ignoreEos: client.ignoreEos,
    chatTemplate: client.chatTemplate,
  };
}

function loadOf(load: JobLoad): Pick<PrintedClient, 'load' | 'rate'> {
  const { text, ...rate } = describeLoad(load);
  return { load: text, ...rate };
}

function sizesOf(client: ClientSettings, job: Job, concurrency: number): Partial<Sizes> {
  const { numPrompts, numWarmups, promptForm: form, rangeRatio } = client;
  const sizes = { numPrompts, numWarmups };
  const { load } = job;
  if (load === undefined || !isFixedSeqLen(job)) return sizes;
  const prompts = { isl: job.isl, osl: job.osl, form, rangeRatio, seed: 0, useChatTemplate: false };
  const basis = { load, concurrency, prompts, sizes, fileOf: () => '' };
  return loadSizes(basis, () => promptsIn(load, basis)) ?? {};
}
