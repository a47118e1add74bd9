import { FIELD } from '../config/fields.js';
import { isFixedSeqLen, type Job } from '../matrix/job.js';
import type { ClientSettings, ReadyWhen, Role, ServePlan } from '../plugin/launch-plan.js';
import type { PlannedPoint } from './plan.js';
import { placeholderResolver, resolveRole, resolveText, type RefResolver } from './resolve.js';

/** A plan as `sweepline plan --json` prints it. */
export type PrintedPlan =
  | { readonly job: Job; readonly rejected: { readonly reason: string; readonly nearest?: unknown } }
  | {
      readonly job: Job;
      readonly image?: string;
      readonly prepare: readonly PrintedCommand[];
      readonly processes: readonly PrintedProcess[];
      readonly readiness: readonly {
        readonly role: string;
        readonly path: string;
        readonly timeoutS: number;
      }[];
      readonly endpoint?: { readonly baseUrl: string };
      readonly client?: PrintedClient;
    };

interface PrintedCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface PrintedProcess extends PrintedCommand {
  readonly role: string;
  readonly node: number;
  readonly files: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

interface PrintedClient {
  readonly backend: ClientSettings['api'];
  readonly numPrompts: number;
  readonly numWarmups: number;
  readonly concurrency: number;
  /** Missing where the scenario has no fixed lengths. */
  readonly inputLen?: number;
  readonly outputLen?: number;
  readonly rangeRatio: number;
  readonly ignoreEos: boolean;
  readonly chatTemplate: boolean;
}

/** Addresses and dates that exist only later are placeholders; ports that aren't fixed are `port`. */
export function printPlan(planned: PlannedPoint, port: number): PrintedPlan {
  const { job, concurrency } = planned.point;
  if (planned.state === 'rejected') return { job, rejected: planned.rejection };
  const { plan } = planned;
  if (plan.kind === 'delegate') {
    const submit = { role: 'submit', node: 0, argv: plan.submit.argv, env: plan.submit.env ?? {}, files: {} };
    return { job, prepare: [], processes: [submit], readiness: [] };
  }
  const resolve = placeholderResolver(plan.roles, port);
  return {
    job,
    ...imageOf(plan),
    prepare: plan.roles
      .flatMap((role) => role.setup ?? [])
      .map(({ argv, env }) => ({ argv, env: env ?? {} })),
    processes: plan.roles.flatMap((role) => printRole(role, resolve)),
    readiness: plan.ready.map(({ role, when, timeoutS }) => ({ role, path: readinessPath(when), timeoutS })),
    endpoint: { baseUrl: baseUrlOf(plan, resolve) },
    client: printClient(plan.client, job, concurrency),
  };
}

function imageOf({ roles }: ServePlan): { readonly image?: string } {
  const runtime = roles.find((role) => role.runtime.kind === 'container')?.runtime;
  return runtime?.kind === 'container' ? { image: runtime.image } : {};
}

function printRole(role: Role, resolve: RefResolver): readonly PrintedProcess[] {
  return Array.from({ length: role.replicas }, (_, node) => ({
    role: role.name,
    node,
    ...resolveRole(role, resolve),
  }));
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
    backend: client.api,
    numPrompts: client.numPrompts,
    numWarmups: client.numWarmups,
    concurrency,
    ...(isFixedSeqLen(job) ? { inputLen: job[FIELD.isl], outputLen: job[FIELD.osl] } : {}),
    rangeRatio: client.rangeRatio,
    ignoreEos: client.ignoreEos,
    chatTemplate: client.chatTemplate,
  };
}
