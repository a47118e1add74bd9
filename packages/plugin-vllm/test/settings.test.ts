import type { EngineOutput, Job, ServePlan } from '@sweepline/core';
import { expect, it } from 'vitest';
import { vllm } from '../src/index.js';

/** As vLLM 0.13.0 wrote it on a CPU, where it takes a model of the Hugging Face cache by its folder; shortened. */
const LOG = `\u001B[0;36m(APIServer pid=1)\u001B[0;0m INFO 11-30 17:44:57 [api_server.py:1351] vLLM API server version 0.13.0
(APIServer pid=1) INFO 11-30 17:44:57 [utils.py:253] non-default args: {'model_tag': 'org/m', 'port': 18945, 'model': 'org/m', 'max_model_len': 360, 'enable_prefix_caching': False, 'max_num_seqs': 4}
(EngineCore_DP0 pid=2) INFO 11-30 17:49:15 [core.py:93] Initializing a V1 LLM engine (v0.13.0) with config: model='/hub/models--org--m/snapshots/00', speculative_config=None, dtype=torch.bfloat16, max_seq_len=360, tensor_parallel_size=1, pipeline_parallel_size=1, data_parallel_size=1, quantization=None, enforce_eager=False, kv_cache_dtype=auto, structured_outputs_config=StructuredOutputsConfig(backend='auto'), seed=0, enable_prefix_caching=False, compilation_config={'level': None, 'mode': <CompilationMode.DYNAMO_TRACE_ONCE: 2>}
`;
const METRICS =
  'vllm:cache_config_info{block_size="128",cache_dtype="auto",cpu_kvcache_space_bytes="1073741824",enable_prefix_caching="False",sliding_window="None"} 1.0\n';

const said = (text: string, metrics = METRICS): EngineOutput => ({
  logs: [{ role: 'server', replica: 0, rank: 0, file: 'server-0.log', text }],
  http: [{ path: '/metrics', when: 'after-load', status: 200, body: metrics }],
});

const plan = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): ServePlan =>
  ({ roles: [{ name: 'server', argv: ['vllm', 'serve', 'org/m', ...argv], env, files: {} }] }) as never;
const job = { precision: 'bf16', model: 'org/m' } as Job;

/** Names of what differs. */
function differing(planned: ServePlan, output: EngineOutput, of: Job = job): readonly string[] {
  const effective = vllm.effective?.(output) ?? [];
  const differs = (name: string, value: string): boolean =>
    effective.some((one) => one.name === name && one.value.toLowerCase() !== value.toLowerCase());
  const names = vllm.intended?.(planned, of).filter(({ name, value }) => differs(name, value)) ?? [];
  return names.map(({ name }) => name);
}

const HONEST = [
  '--tensor-parallel-size',
  '1',
  '--max-num-seqs',
  '4',
  '--max-model-len',
  '360',
  '--no-enable-prefix-caching',
];
const SPACE = { VLLM_CPU_KVCACHE_SPACE: '1' };

it('finds no difference where there is none', () => {
  expect(differing(plan(HONEST, SPACE), said(LOG))).toEqual([]);
  // Chosen by a variable, which is none of the arguments; sizes in words.
  const chosen = `${LOG}Using FLASH_ATTN attention backend out of potential backends: []\n`;
  const env = { ...SPACE, VLLM_ATTENTION_BACKEND: 'FLASH_ATTN' };
  expect(differing(plan([...HONEST, '--max-num-batched-tokens', '8k'], env), said(chosen))).toEqual([]);
});

it.each([
  ['another length', 'max-model-len', HONEST.with(5, '2048'), LOG, SPACE],
  ['fewer sequences', 'max-num-seqs', HONEST.with(3, '16'), LOG, SPACE],
  ['a flag that was dropped', 'max-num-seqs', HONEST, LOG.replace(", 'max_num_seqs': 4", ''), SPACE],
  ['another tensor parallelism', 'tensor-parallel-size', HONEST.with(1, '2'), LOG, SPACE],
  [
    'speculation that is not on',
    'speculation',
    [...HONEST, '--speculative-config', '{"method":"ngram"}'],
    LOG,
    SPACE,
  ],
  ['prefix caching', 'enable-prefix-caching', HONEST, LOG.replace('caching=False', 'caching=True'), SPACE],
  ['another KV cache', 'kv-cache-dtype', [...HONEST, '--kv-cache-dtype', 'fp8'], LOG, SPACE],
  ['a variable that was never exported', 'cpu-kvcache-space', HONEST, LOG, { VLLM_CPU_KVCACHE_SPACE: '4' }],
  [
    'another attention backend',
    'attention-backend',
    [...HONEST, '--attention-backend', 'FLASH_ATTN'],
    `${LOG}INFO [cuda.py:352] Using TRITON_ATTN attention backend out of potential backends: ['TRITON_ATTN']\n`,
    SPACE,
  ],
  [
    'a variable with a name that this version does not know',
    'env VLLM_FUSED',
    HONEST,
    `${LOG}WARNING [envs.py:1818] Unknown vLLM environment variable detected: VLLM_FUSED\n`,
    { ...SPACE, VLLM_FUSED: '1' },
  ],
])('finds %s', (_, name, argv, log, env) => {
  expect(differing(plan(argv, env), said(log))).toContain(name);
});

it('finds another model, another precision, and says nothing of quantizations that hold several', () => {
  const other = LOG.replace('models--org--m', 'models--org--other');
  const fp8 = LOG.replace('quantization=None', 'quantization=fp8');
  const several = LOG.replace('quantization=None', 'quantization=compressed-tensors');

  expect(differing(plan(HONEST, SPACE), said(other))).toEqual(['model']);
  expect(differing(plan(HONEST, SPACE), said(fp8))).toEqual(['precision']);
  expect(differing(plan(HONEST, SPACE), said(several), { ...job, precision: 'int4' })).toEqual([]);
});

it('reads a config file under the command line, and counts the devices of a command line', () => {
  const file = { 'config.yaml': 'max-model-len: 100\nno-enable-prefix-caching: true\n' };
  const withFile = plan(['--config', 'config.yaml', '-tp', '4', '--pipeline-parallel-size=2']);
  const role = { ...withFile.roles[0]!, files: file };

  expect(vllm.intended?.({ ...withFile, roles: [role] }, job)).toEqual(
    expect.arrayContaining([
      { name: 'max-model-len', value: '100' },
      { name: 'enable-prefix-caching', value: 'false' },
      { name: 'tensor-parallel-size', value: '4' },
    ]),
  );
  expect(vllm.devices?.(role)).toBe(8);
});
