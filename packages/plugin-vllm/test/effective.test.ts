import { expect, it } from 'vitest';
import { vllm } from '../src/index.js';

/** What the plugin reads from one log, by name. */
const effective = (text: string): unknown => {
  const log = { role: 'server', replica: 0, rank: 0, file: 'server-0.log', text };
  const settings = vllm.effective?.({ logs: [log], http: [] }) ?? [];
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
};

const LOG = `(APIServer pid=1) INFO 11-25 07:00:00 [api_server.py:1351] vLLM API server version 0.13.0
(APIServer pid=1) INFO 11-25 07:00:00 [utils.py:253] non-default args: {'model_tag': 'org/m', 'port': 8888, 'enable_prefix_caching': False, 'api_key': ['secret'], 'max_model_len': 2068, 'compilation_config': {'cudagraph_mode': 'FULL', 'sizes': [1, 2]}, 'seed': None}
`;

it('reads what vLLM says it runs with, and no secrets', () => {
  expect(effective(LOG)).toEqual({
    'engine-version': '0.13.0',
    'model-tag': 'org/m',
    port: '8888',
    'enable-prefix-caching': 'false',
    'max-num-seqs': 'its default',
    'max-num-batched-tokens': 'its default',
    'compilation-config': "{'cudagraph_mode': 'FULL', 'sizes': [1, 2]}",
  });
  expect(effective('something else')).toEqual({});
});

/** Written by vLLM 0.17.0's own formatter and logo. */
const LOGO = `INFO 03-01 10:00:00 [utils.py:293]        █     █     █▄   ▄█
INFO 03-01 10:00:00 [utils.py:293]  ▄▄ ▄█ █     █     █ ▀▄▀ █  version 0.17.0
INFO 03-01 10:00:00 [utils.py:293]   █▄█▀ █     █     █     █  model   org/version 1
`;
const COLORED_LOGO =
  '\u001B[32mINFO\u001B[0m \u001B[90m[utils.py:293]\u001B[0m  \u001B[97;1m█ ▀▄▀ █\u001B[0m  version \u001B[97;1m0.17.0\u001B[0m\r\n';

it.each([
  ['beside its logo', LOGO],
  ['beside a logo in colors', COLORED_LOGO],
  [
    'before the model',
    'INFO 03-01 10:00:00 [utils.py:293] vLLM server version 0.17.0, serving model org/m\n',
  ],
])('finds the version that vLLM 0.15 and later tell %s', (_, log) => {
  expect(effective(log)).toEqual({ 'engine-version': '0.17.0' });
});

it('hears each engine of a process, in its log and in its metrics', () => {
  const engine = (size: number) =>
    `(EngineCore_DP0 pid=2) INFO 11-25 Initializing a V1 LLM engine (v0.13.0) with config: model='org/m', tensor_parallel_size=${size}, dtype=torch.bfloat16\n`;
  const log = { role: 'server', replica: 0, rank: 0, file: 'server-0.log', text: engine(2) + engine(1) };
  const cache = (number: number, block: number) =>
    `vllm:cache_config_info{engine="${number}",block_size="${block}"} 1.0\n`;
  const answer = {
    path: '/metrics',
    when: 'after-load' as const,
    status: 200,
    body: cache(0, 16) + cache(1, 32),
  };
  const settings = vllm.effective?.({ logs: [log], http: [answer] }) ?? [];
  const valuesOf = (wanted: string) =>
    settings.flatMap(({ name, value }) => (name === wanted ? [value] : []));
  expect(valuesOf('tensor-parallel-size')).toEqual(['2', '1']);
  expect(valuesOf('block-size')).toEqual(['16', '32']);
});
