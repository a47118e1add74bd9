/*
 * Names that InferenceX's dashboard knows in rows; it skips what it doesn't know, or takes it for something else. Source:
 * packages/db/src/etl/normalizers.ts, packages/constants/src and packages/db/migrations of InferenceX-app at 77ca49a (April 2026).
 */

const GPUS: ReadonlySet<string> = new Set([
  ...['h100', 'h200', 'b200', 'b300', 'gb200', 'gb300'],
  ...['mi300x', 'mi325x', 'mi355x'],
]);

/** Ends of names of nodes and clusters that it takes off, each once and in this order. */
const ENDS = [
  ...['-trt', '-multinode-slurm', '-multinode', '-nvs', '-disagg', '-amds', '-amd', '-nvd'],
  ...['-dgxc-slurm', '-dgxc', '-nb', '-nv'],
] as const;
/** Clusters in InferenceX's runners.yaml (February and August 2026) whose names it doesn't take off. */
const OTHER_CLUSTERS = ['-cw', '-cr', '-nscale-slurm'] as const;

/** Whether it is the name of a GPU itself. */
export function isGpu(name: string): boolean {
  return GPUS.has(name);
}

/** The GPU that the dashboard takes `hw` for; undefined if it would skip the row. */
export function gpuOf(hw: string): string | undefined {
  const name = ENDS.reduce(withoutEnd, withoutNumber(hw));
  return GPUS.has(name) ? name : undefined;
}

/** The GPU of a node that the dashboard wouldn't recognise by its name. */
export function gpuOfNode(node: string): string | undefined {
  return gpuOf(node) ?? gpuOf(OTHER_CLUSTERS.reduce(withoutEnd, withoutNumber(node)));
}

function withoutNumber(name: string): string {
  return name.toLowerCase().replace(/_\d+$/, '');
}

function withoutEnd(name: string, end: string): string {
  return name.endsWith(end) ? name.slice(0, -end.length) : name;
}

/** Models by their prefix, and what engines call them: a row without a known prefix is recognised by that. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  dsr1: [
    ...['nvidia/DeepSeek-R1-0528-FP4-V2', 'nvidia/DeepSeek-R1-0528-FP4-v2', 'nvidia/DeepSeek-R1-0528-FP4'],
    ...['deepseek-ai/DeepSeek-R1-0528', 'deepseek-ai/DeepSeek-R1', 'amd/DeepSeek-R1-0528-MXFP4'],
    ...['amd/DeepSeek-R1-0528-MXFP4-Preview', '/mnt/lustre01/models/deepseek-r1-0528-fp4-v2'],
    ...['/models/DeepSeek-R1', '/models/DeepSeek-R1-0528-MXFP4-Preview', 'DeepSeek-R1-0528'],
    ...['deepseek-r1-0528', 'deepseek-r1-0528-fp4-v2', 'deepseek-r1-0528-nvfp4-v2', 'dsr1-0528-fp8'],
    ...['dsr1-0528-nvfp4-v2', 'dsr1-fp8'],
  ],
  gptoss120b: ['openai/gpt-oss-120b', '/mnt/lustre01/models/gpt-oss-120b'],
  llama70b: [
    ...['nvidia/Llama-3.3-70B-Instruct-FP8', 'nvidia/Llama-3.3-70B-Instruct-FP4'],
    ...['amd/Llama-3.3-70B-Instruct-FP8-KV', 'amd/Llama-3.3-70B-Instruct-MXFP4-Preview'],
  ],
  'qwen3.5': ['Qwen/Qwen3.5-397B-A17B', 'Qwen/Qwen3.5-397B-A17B-FP8'],
  'kimik2.5': ['moonshotai/Kimi-K2.5'],
  'minimaxm2.5': ['MiniMaxAI/MiniMax-M2.5'],
  glm5: ['zai-org/GLM-5-FP8'],
};
const PRECISION_END = /-(?:fp4|fp8|mxfp4|nvfp4)(?:-.*)?$/;

/** The model that the dashboard takes a row's prefix for, or else its name. */
export function modelOf(prefix: string | undefined, name: string | undefined): string | undefined {
  const lower = prefix?.toLowerCase() ?? '';
  const known = [lower, lower.replace(PRECISION_END, '')]
    .map((one) => (one === 'gptoss' ? 'gptoss120b' : one))
    .find((one) => Object.hasOwn(MODELS, one));
  if (known !== undefined) return known;
  return Object.keys(MODELS).find((key) => name !== undefined && MODELS[key]?.includes(name));
}

/** The precision that it shows. */
export function precisionOf(precision: string): string | undefined {
  const lower = precision.toLowerCase();
  if (lower === 'nvfp4' || lower === 'mxfp4') return 'fp4';
  return isPrecision(lower) ? lower : undefined;
}

/** Whether it is the name of a precision itself. */
export function isPrecision(name: string): boolean {
  return ['fp4', 'fp8', 'bf16', 'int4'].includes(name);
}

/** The speculative decoding that it shows. */
export function specDecodingOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  return lower === 'none' || lower === 'mtp' ? lower : undefined;
}

const FRAMEWORKS: Readonly<Record<string, string>> = {
  'sglang-disagg': 'mori-sglang',
  trtllm: 'trt',
  'dynamo-trtllm': 'dynamo-trt',
};

/** The framework that it shows. */
export function frameworkOf(name: string): string {
  const lower = name.toLowerCase();
  return FRAMEWORKS[lower] ?? lower;
}

/** It takes these, whatever the role of their framework says, for disaggregated. */
export function isAlwaysDisaggregated(framework: string): boolean {
  return framework.toLowerCase() === 'sglang-disagg';
}

/** Largest size and number of GPUs that its database holds. */
export const MOST_GPUS = 32_767;
