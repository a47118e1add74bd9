// @ts-check
/**
 * Differences between the settings that a plan requests and those that an engine runs with: each is planted by a wrapper of the engine
 * (shim.sh) or by a false claim in the config, and the result's mark must name it.
 *
 * @typedef {object} Plant
 * @property {string} what
 * @property {readonly string[]} names Settings that the mark must name; none for honest runs.
 * @property {string} [append] Arguments that the shim adds; if one is given twice, engines take the last.
 * @property {string} [drop] Arguments that the shim leaves out.
 * @property {string} [unset] Variables that the shim removes.
 * @property {Record<string, unknown>} [entry] Members of the config entry.
 * @property {readonly string[]} [args] `extra-args` of the entry's options.
 * @property {Record<string, string>} [env] `env` of the entry's options.
 */

/** The server of plugin-llamacpp, over node-llama-cpp. @type {readonly Plant[]} */
export const OWN = [
  { what: 'honest', names: [] },
  { what: 'a longer context', append: '--ctx-size 4096', names: ['ctx-size', 'ctx-per-slot'] },
  { what: 'one slot instead of two', append: '--parallel 1', names: ['parallel'] },
  { what: 'smaller batches', append: '--batch-size 64', names: ['batch-size'] },
  { what: 'another thread', append: '--threads 2', names: ['threads'] },
  { what: 'other weights', append: '--seed 7', names: ['seed'] },
  { what: 'another model', append: '--model synthetic:17m', names: ['model'] },
];

const SPECULATION = ['--spec-type', 'ngram-simple'];

/** llama.cpp's llama-server. @param {string} otherModel @returns {readonly Plant[]} */
export function llamaServer(otherModel) {
  return [
    { what: 'honest', names: [] },
    { what: 'honest, with flash attention', args: ['--flash-attn', 'on'], names: [] },
    { what: 'honest, with a variable', env: { LLAMA_ARG_CACHE_TYPE_K: 'q8_0' }, names: [] },
    { what: 'honest, with speculation', args: SPECULATION, names: [] },
    { what: 'a longer context', append: '--ctx-size 4096', names: ['ctx-size', 'ctx-per-slot'] },
    { what: 'one slot instead of two', append: '--parallel 1', names: ['parallel'] },
    { what: 'smaller batches', append: '--batch-size 64', names: ['batch-size'] },
    { what: 'another KV cache', append: '--cache-type-k q8_0', names: ['cache-type-k'] },
    {
      what: 'no flash attention',
      args: ['--flash-attn', 'on'],
      append: '--flash-attn off',
      names: ['flash-attn'],
    },
    { what: 'another model', append: `--model ${otherModel}`, names: ['model'] },
    { what: 'another name', append: '--alias other', names: ['served-model'] },
    { what: 'another precision than claimed', entry: { precision: 'int8' }, names: ['precision'] },
    {
      what: 'a variable that is never exported',
      env: { LLAMA_ARG_CACHE_TYPE_K: 'q8_0' },
      unset: 'LLAMA_ARG_CACHE_TYPE_K',
      names: ['cache-type-k'],
    },
    { what: 'no speculation', args: SPECULATION, drop: '--spec-type=', names: ['speculation'] },
  ];
}

/** vLLM, which takes minutes to start: several differences each. @type {readonly Plant[]} */
export const VLLM = [
  { what: 'honest', env: { VLLM_CPU_KVCACHE_SPACE: '1' }, names: [] },
  {
    what: 'other sizes, prefix caching, another type, a variable that is never exported',
    env: { VLLM_CPU_KVCACHE_SPACE: '1' },
    unset: 'VLLM_CPU_KVCACHE_SPACE',
    append: '--max-model-len 512 --max-num-seqs 3 --enable-prefix-caching --dtype float32',
    names: ['max-model-len', 'max-num-seqs', 'enable-prefix-caching', 'precision', 'cpu-kvcache-space'],
  },
  {
    what: 'no speculation, dropped options, another execution mode',
    env: { VLLM_CPU_KVCACHE_SPACE: '1' },
    args: [
      ...['--speculative-config', '{"method":"ngram","num_speculative_tokens":2,"prompt_lookup_max":3}'],
      ...['--max-num-batched-tokens', '2048', '--block-size', '64'],
    ],
    drop: '--speculative-config= --max-num-batched-tokens= --block-size=',
    append: '--enforce-eager',
    names: ['speculation', 'max-num-batched-tokens', 'block-size', 'enforce-eager'],
  },
];
