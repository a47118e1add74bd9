import { expect, it } from 'vitest';
import { vllm } from '../src/index.js';

const LOG = `(APIServer pid=1) INFO 11-25 07:00:00 [api_server.py:1351] vLLM API server version 0.13.0
(APIServer pid=1) INFO 11-25 07:00:00 [utils.py:253] non-default args: {'model_tag': 'org/m', 'port': 8888, 'enable_prefix_caching': False, 'api_key': ['secret'], 'max_model_len': 2068, 'compilation_config': {'cudagraph_mode': 'FULL', 'sizes': [1, 2]}, 'seed': None}
`;

it('reads what vLLM says it runs with, and no secrets', () => {
  expect(vllm.effective?.(LOG)).toEqual({
    'engine-version': '0.13.0',
    'model-tag': 'org/m',
    port: '8888',
    'enable-prefix-caching': 'false',
    'max-model-len': '2068',
    'compilation-config': "{'cudagraph_mode': 'FULL', 'sizes': [1, 2]}",
  });
  expect(vllm.effective?.('something else')).toEqual({});
});
