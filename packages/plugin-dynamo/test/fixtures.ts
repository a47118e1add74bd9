import type {
  Backend,
  Cluster,
  DelegatePlan,
  FrameworkPlugin,
  MultiNodeJob,
  PlanContext,
  Rejection,
  Role,
  ServePlan,
  SingleNodeJob,
  Sku,
  Text,
  Worker,
  WorkerSettings,
} from '@sweepline/core';
import { dynamo } from '../dist/index.js';

const plugin = dynamo as FrameworkPlugin;

export const GPUS: Sku = { name: 'g1', vendor: 'none', device: 'gpu', devicesPerNode: 4, sources: [] };
export const CPU: Sku = { name: 'cpu', vendor: 'none', device: 'cpu', devicesPerNode: 1, sources: [] };

export function worker(count: number, tp: number, changes: Partial<Worker> = {}): Worker {
  return { 'num-worker': count, tp, ep: 1, 'dp-attn': false, ...changes };
}

export const withRecipe = (file: string): Partial<Worker> => ({
  'additional-settings': [`CONFIG_FILE=${file}`],
});

export function job(changes: Partial<MultiNodeJob> = {}): MultiNodeJob {
  return {
    image: 'nvcr.io/nvidia/ai-dynamo/tensorrtllm-runtime:0.8.1.post2',
    model: 'org/model',
    'model-prefix': 'm',
    precision: 'fp4',
    framework: 'dynamo-trt',
    runner: 'c_0',
    isl: 8192,
    osl: 1024,
    'spec-decoding': 'none',
    'max-model-len': 9416,
    'exp-name': 'm_8k1k',
    disagg: true,
    'run-eval': false,
    prefill: worker(1, 4),
    decode: worker(2, 8),
    conc: [4, 64],
    ...changes,
  };
}

export function singleNode(changes: Partial<SingleNodeJob> = {}): SingleNodeJob {
  const members = Object.entries(job()).filter(([key]) => key !== 'prefill' && key !== 'decode');
  return {
    ...(Object.fromEntries(members) as Omit<MultiNodeJob, 'prefill' | 'decode'>),
    tp: 4,
    ep: 1,
    'dp-attn': false,
    conc: 4,
    ...changes,
  };
}

/** What engines' own plugins would say. */
export const SETTINGS: WorkerSettings = { flags: { 'engine-flag': 1 }, config: {}, env: { ENGINE: 'x' } };

interface Given {
  readonly job?: MultiNodeJob | PlanContext['job'];
  readonly options?: object;
  readonly sku?: Sku;
  readonly strict?: boolean;
  readonly srtSlurm?: object;
  readonly settings?: WorkerSettings;
}

function contextOf(given: Given): PlanContext {
  const cluster: Cluster = {
    name: 'c',
    sku: 'g1',
    runners: ['c'],
    launcher: 'slurm',
    port: 'fixed',
    settings: { 'srt-slurm': given.srtSlurm },
    options: {},
  };
  const backend: Backend = { plugin, worker: () => given.settings ?? SETTINGS };
  return {
    job: given.job ?? job(),
    concurrency: 64,
    sku: given.sku ?? GPUS,
    options: plugin.options?.parse(given.options ?? {}),
    strict: given.strict ?? false,
    ...(given.srtSlurm === undefined ? {} : { cluster }),
    framework: () => backend,
  };
}

export function served(given: Given): ServePlan {
  const plan = plugin.plan(contextOf(given));
  if (plan.kind !== 'serve') throw new Error('it was submitted');
  return plan;
}

export function submitted(given: Given): DelegatePlan {
  const plan = plugin.plan(contextOf(given));
  if (plan.kind !== 'delegate') throw new Error('it was served');
  return plan;
}

export function refusal(given: Given): Rejection | undefined {
  return plugin.rejects?.(contextOf(given));
}

export function rejection(given: Given): Rejection | undefined {
  return plugin.rejects?.(contextOf({ options: { launch: 'native' }, ...given }));
}

export function roleOf({ roles }: ServePlan, name: string): Role {
  const found = roles.find((role) => role.name === name);
  if (found === undefined) throw new Error(`no role ${name}`);
  return found;
}

/** References as `{port:prefill:http}`. */
export function shown(text: Text): string {
  if (typeof text === 'string') return text;
  return text
    .map((part) => (typeof part === 'string' ? part : `{${Object.values(part).map(String).join(':')}}`))
    .join('');
}

export function commandOf(role: Role): string {
  return role.argv.map(shown).join(' ');
}

export function envOf(role: Role): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(role.env).map(([name, text]) => [name, shown(text)]));
}
