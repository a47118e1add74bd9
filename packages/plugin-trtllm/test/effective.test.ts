import { expect, it } from 'vitest';
import { trtllm } from '../dist/index.js';

/** What the plugin reads from one log, by name. */
const effective = (text: string): unknown => {
  const log = { role: 'server', replica: 0, rank: 0, file: 'server-0.log', text };
  const settings = trtllm.effective?.({ logs: [log], http: [] }) ?? [];
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
};

const SIZES = 'max_num_requests=64, max_num_tokens=8192, max_batch_size=64';

it('reads the settings that releases from 1.2 on log, under the names of the flags', () => {
  const log = [
    '[11/22/2025-11:19:23] [TRT-LLM] [I] Using LLM with PyTorch backend',
    `[11/22/2025-11:20:09] [TRT-LLM] [I] max_seq_len=1024, ${SIZES}`,
    `[11/22/2025-11:20:10] [TRT-LLM] [I] max_seq_len=9416, ${SIZES}`,
    '[11/22/2025-11:20:11] [TRT-LLM] [I] LLM Args:',
    `model='org/m' tokenizer=<TransformersTokenizer object at 0x7f> tensor_parallel_size=8 revision=None ` +
      `moe_expert_parallel_size=4 enable_attention_dp=True max_seq_len=9999 hf_token='hush' ` +
      `kv_cache_config=KvCacheConfig(enable_block_reuse=False, dtype='fp8', max_attention_window=[1, 2]) ` +
      `cuda_graph_config=None sampler_type=<SamplerType.auto: 'auto'> backend="it's, py" load_balancer=Empty()`,
    '[11/22/2025-11:20:12] [TRT-LLM] [I] tail=1 (x=1)',
  ].join('\n');

  expect(effective(log)).toEqual({
    model: 'org/m',
    tokenizer: '<TransformersTokenizer object at 0x7f>',
    tp_size: '8',
    ep_size: '4',
    enable_attention_dp: 'true',
    'kv_cache_config.enable_block_reuse': 'false',
    'kv_cache_config.dtype': 'fp8',
    'kv_cache_config.max_attention_window': '[1, 2]',
    sampler_type: 'auto',
    backend: "it's, py",
    speculation: 'off',
    max_seq_len: '9416',
    max_num_requests: '64',
    max_num_tokens: '8192',
    max_batch_size: '64',
  });
});

it('reads those of earlier releases, and nothing from other logs', () => {
  const log =
    '[12/20/2025-04:20:19] [TRT-LLM] [I] PyTorchConfig(extra_resource_managers={}, cuda_graph_batch_sizes=[1, 2], ' +
    "moe_backend='CUTLASS', moe_load_balancer=None, batch_wait_timeout_ms=0) and=more";

  expect(effective(log)).toEqual({
    extra_resource_managers: '{}',
    cuda_graph_batch_sizes: '[1, 2]',
    moe_backend: 'CUTLASS',
    batch_wait_timeout_ms: '0',
  });
  expect(effective('max_seq_len is not specified')).toEqual({});
});
