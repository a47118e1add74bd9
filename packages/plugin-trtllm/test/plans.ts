import { fileURLToPath } from 'node:url';
import { planJobs, type PlannedJob } from '@sweepline/core/testing';
import { parse } from 'yaml';

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const PACKAGES = {
  '@sweepline/plugin-trtllm': packageFolder('plugin-trtllm'),
  '@sweepline/plugin-dynamo': packageFolder('plugin-dynamo'),
  '@sweepline/hw-nvidia': packageFolder('hw-nvidia'),
  '@sweepline/hw-amd': packageFolder('hw-amd'),
};

/** A plan that could be made, with a client. */
export type Printed = Required<Pick<PlannedJob, 'prepare' | 'processes' | 'client'>> &
  Pick<PlannedJob, 'rejected' | 'image'>;

export const STRICT = ['--compat', 'strict'];

/** What `sweepline plan --json` prints for jobs. */
export async function plans(
  jobs: readonly object[],
  args: readonly string[] = [],
): Promise<readonly Printed[]> {
  return (await planJobs(PACKAGES, jobs, args)) as readonly Printed[];
}

export const LENGTHS = {
  '1k1k': { isl: 1024, osl: 1024, 'max-model-len': 2248 },
  '1k8k': { isl: 1024, osl: 8192, 'max-model-len': 9416 },
  '8k1k': { isl: 8192, osl: 1024, 'max-model-len': 9416 },
};

const COMMON = {
  image: 'nvcr.io#nvidia/tensorrt-llm/release:1.2.0rc6.post2',
  model: 'deepseek-ai/DeepSeek-R1-0528',
  'model-prefix': 'dsr1',
  precision: 'fp8',
  framework: 'trt',
  runner: 'b200',
  'spec-decoding': 'none',
  'exp-name': 'dsr1_1k1k',
  disagg: false,
};

/** A job on one node: DeepSeek R1 in FP8 on B200, 1k1k, unless it says otherwise. */
export function job(changes: object = {}): object {
  return { ...COMMON, ...LENGTHS['1k1k'], tp: 8, ep: 1, 'dp-attn': false, conc: 16, ...changes };
}

export const FP4 = { precision: 'fp4', model: 'nvidia/DeepSeek-R1-0528-FP4-V2' };
export const MTP = { 'spec-decoding': 'mtp' };
export const DP = { 'dp-attn': true };
export const H200 = { runner: 'h200' };
export const GPTOSS = { 'model-prefix': 'gptoss', precision: 'fp4', model: 'openai/gpt-oss-120b' };

/** A file of extra options, as far as it is looked at here. */
interface Config {
  readonly enable_attention_dp: boolean;
  readonly cuda_graph_config: { readonly max_batch_size: number };
  readonly kv_cache_config: { readonly dtype: string; readonly free_gpu_memory_fraction: number };
  readonly moe_config: { readonly backend: string };
  readonly attention_dp_config?: object;
  readonly speculative_config?: { readonly num_nextn_predict_layers: number };
  readonly torch_compile_config?: { readonly capture_num_tokens: readonly number[] };
  readonly batch_wait_timeout_iters?: number;
}

export interface Server {
  readonly flags: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly configFile: string;
  readonly config: Config;
}

/** The one server of a plan, with its arguments and its file taken apart. */
export function serverOf({ processes: [server], rejected }: Printed): Server {
  if (server === undefined) throw new Error(`no server: ${rejected?.reason}`);
  const [[configFile, text] = ['', '']] = Object.entries(server.files);
  return { flags: flags(server.argv), env: server.env, configFile, config: parse(text) as Config };
}

/** The servers of strict plans. */
export async function strict(...changes: readonly object[]): Promise<readonly Server[]> {
  return (await plans(changes.map(job), STRICT)).map(serverOf);
}

/** Of Sweepline's own plans. */
export async function own(...changes: readonly object[]): Promise<readonly Server[]> {
  return (await plans(changes.map(job))).map(serverOf);
}

/** Flags after the model, `--name value` or `--name`; the last of several. */
function flags(argv: readonly string[]): Readonly<Record<string, string>> {
  const named = argv.slice(argv.indexOf('trtllm-serve')).flatMap((arg, index, all) => {
    if (!arg.startsWith('--')) return [];
    const next = all[index + 1] ?? '--';
    return [[arg.slice(2), next.startsWith('--') ? '' : next] as const];
  });
  return Object.fromEntries(named);
}
