import { describe, expect, test } from 'vitest';
import { commandOf, CPU, envOf, job, roleOf, served, SETTINGS, worker } from './fixtures.js';

const sglang = job({ framework: 'dynamo-sglang', image: 'example/sglang:1' });

describe('a native topology', () => {
  const plan = served({ job: sglang });

  test('starts the frontend after its workers, and asks it for the model', () => {
    expect(plan.roles.map(({ name, replicas }) => [name, replicas])).toEqual([
      ['etcd', 1],
      ['prefill', 1],
      ['decode', 2],
      ['frontend', 1],
    ]);
    expect(roleOf(plan, 'frontend').after).toEqual(['prefill', 'decode']);
    expect(plan.endpoint).toMatchObject({ role: 'frontend' });
    expect(plan.ready.map(({ role, when }) => [role, when])).toEqual([
      ['etcd', { http: '/health', expect: '"true"' }],
      ['prefill', { http: '/health' }],
      ['decode', { http: '/health' }],
      ['frontend', { http: '/v1/models', expect: '"org/model"' }],
    ]);
  });

  test('gives workers nodes by their parallelism, and the frontend none of its own', () => {
    const places = plan.roles.map(({ place }) => [place.nodes, place.ranksPerNode, place.devicesPerRank]);
    expect(places).toEqual([
      [1, 1, 0],
      [1, 1, 4],
      [2, 1, 4],
      [1, 1, 0],
    ]);
  });

  test('starts an etcd before workers on several nodes, and tells all where it is', () => {
    expect(roleOf(plan, 'prefill').after).toEqual(['etcd']);
    expect(roleOf(plan, 'decode').after).toEqual(['etcd']);
    expect(commandOf(roleOf(plan, 'etcd'))).toBe(
      'etcd --data-dir {workspace}/etcd-{port:etcd:client} --listen-client-urls http://0.0.0.0:{port:etcd:client} ' +
        '--advertise-client-urls http://{host:etcd}:{port:etcd:client} --listen-peer-urls http://127.0.0.1:{port:etcd:peer} ' +
        '--initial-advertise-peer-urls http://127.0.0.1:{port:etcd:peer} ' +
        '--initial-cluster default=http://127.0.0.1:{port:etcd:peer}',
    );
    const [, ...others] = plan.roles.map(envOf);
    for (const env of others) {
      expect(env).toMatchObject({
        DYN_DISCOVERY_BACKEND: 'etcd',
        ETCD_ENDPOINTS: 'http://{host:etcd}:{port:etcd:client}',
      });
    }
    expect(others.at(1)).toMatchObject({ DYN_SYSTEM_PORT: '{port:decode:system}', ENGINE: 'x' });
  });

  test('lets workers on one node be found by files of the job, one folder for all roles of a launch', () => {
    const { roles } = served({ job: { ...sglang, prefill: worker(1, 2), decode: worker(1, 2) } });
    expect(roles.map(({ name }) => name)).toEqual(['prefill', 'decode', 'frontend']);
    for (const env of roles.map(envOf)) {
      expect(env['DYN_FILE_KV']).toBe('{workspace}/dynamo-discovery-{port:frontend:http}');
      expect(env['DYN_DISCOVERY_BACKEND']).toBe('file');
    }
  });

  test('asks for a system port that fits into 15 bits, as the first of a worker', () => {
    expect(roleOf(plan, 'prefill').ports[0]).toEqual({ name: 'system', below: 32_768 });
  });

  test('lets workers be found through the etcd that is named, and keeps to one machine, when told so', () => {
    const options = { discovery: { etcd: 'http://e:2379' }, network: 'loopback', env: { MORE: '1' } };
    const given = served({ job: sglang, options });
    const frontend = roleOf(given, 'frontend');
    expect(given.roles.map(({ name }) => name)).not.toContain('etcd');
    expect(envOf(frontend)).toMatchObject({ ETCD_ENDPOINTS: 'http://e:2379', MORE: '1' });
    expect(envOf(frontend)['DYN_FILE_KV']).toBeUndefined();
    expect(commandOf(frontend)).toContain('--http-host 127.0.0.1 ');
  });

  test('downloads the model unless it is said where it is', () => {
    expect(roleOf(plan, 'decode').setup).toEqual([{ argv: ['hf', 'download', 'org/model'] }]);
    expect(roleOf(served({ job: { ...sglang, model: '/m' } }), 'decode').setup).toEqual([]);
    const local = roleOf(served({ job: sglang, options: { model: '/m' } }), 'decode');
    expect(local.setup).toEqual([]);
    expect(commandOf(local)).toContain('--model-path /m --served-model-name org/model');
  });

  test('has workers of both phases where they are not apart', () => {
    const { roles } = served({ job: job({ disagg: false, framework: 'dynamo-sglang' }) });
    expect(roles.map(({ name, replicas }) => [name, replicas])).toEqual([
      ['etcd', 1],
      ['server', 2],
      ['frontend', 1],
    ]);
    expect(commandOf(roles[1]!)).not.toContain('--disaggregation');
  });
});

describe('workers of SGLang', () => {
  test('hand KV caches on through NIXL, and meet over nodes at the first one', () => {
    const plan = served({ job: sglang });
    expect(commandOf(roleOf(plan, 'prefill'))).toBe(
      'python3 -m dynamo.sglang --model-path org/model --served-model-name org/model --engine-flag 1 ' +
        '--disaggregation-mode prefill --disaggregation-transfer-backend nixl ' +
        '--disaggregation-bootstrap-port {port:prefill:bootstrap}',
    );
    expect(commandOf(roleOf(plan, 'decode'))).toContain(
      '--nnodes 2 --node-rank {rank} --dist-init-addr {host:decode}:{port:decode:rendezvous}',
    );
  });

  test('take the transfer that the config names', () => {
    const given = job({ framework: 'dynamo-sglang', 'kv-p2p-transfer': 'mooncake' });
    expect(commandOf(roleOf(served({ job: given }), 'decode'))).toContain('-backend mooncake');
  });
});

describe('workers of TensorRT-LLM', () => {
  const settings = {
    flags: { tp_size: 8, max_num_tokens: 8192, trust_remote_code: true, extra_llm_api_options: 'f.yml' },
    config: { kv_cache_config: { dtype: 'fp8', free_gpu_memory_fraction: 0.8 } },
    env: {},
  };
  const decode = worker(1, 8, {
    'additional-settings': ['DECODE_MAX_NUM_TOKENS=20000', 'DECODE_GPU_MEM_FRACTION=0.9'],
  });
  const plan = served({ job: job({ decode }), settings });

  test('are told in the words of dynamo.trtllm, and over nodes are of one MPI world', () => {
    const role = roleOf(plan, 'decode');
    expect(commandOf(role)).toBe(
      'trtllm-llmapi-launch python3 -m dynamo.trtllm --model-path org/model --served-model-name org/model ' +
        '--tensor-parallel-size 8 --max-num-tokens 20000 --disaggregation-mode decode ' +
        '--extra-engine-args dynamo-decode.yaml',
    );
    expect(role.place).toEqual({ nodes: 2, ranksPerNode: 4, devicesPerRank: 1, wireUp: 'pmix' });
    expect(roleOf(plan, 'prefill').place.wireUp).toBe('none');
  });

  test('find in a file what dynamo.trtllm has no flag for, and how KV caches are handed on', () => {
    expect(roleOf(plan, 'decode').files).toEqual({
      'dynamo-decode.yaml': [
        'trust_remote_code: true',
        'kv_cache_config:',
        '  dtype: fp8',
        '  free_gpu_memory_fraction: 0.9',
        'cache_transceiver_config:',
        '  backend: DEFAULT',
        '  max_tokens_in_buffer: 16384',
        '',
      ].join('\n'),
    });
    expect(roleOf(plan, 'prefill').files['dynamo-prefill.yaml']).toContain('disable_overlap_scheduler: true');
  });

  test('of an image of 0.8.1 read the variables that there were', () => {
    const env = envOf(roleOf(plan, 'decode'));
    expect(env).toMatchObject({ DYN_STORE_KV: 'etcd' });
    expect(env['DYN_DISCOVERY_BACKEND']).toBeUndefined();
  });
});

describe('workers of vLLM', () => {
  const vllm = job({ framework: 'dynamo-vllm', image: 'example/vllm:1', decode: worker(2, 4) });
  const settings = { ...SETTINGS, flags: { config: 'c.yaml' }, config: { 'max-model-len': 100, list: [1] } };

  test('take their config file as flags, and a port each for NIXL', () => {
    const role = roleOf(served({ job: vllm, settings }), 'prefill');
    expect(commandOf(role)).toBe(
      'python3 -m dynamo.vllm --model org/model --served-model-name org/model --max-model-len 100 --list [1] ' +
        '--disaggregation-mode prefill --kv-transfer-config {"kv_connector":"NixlConnector","kv_role":"kv_both"}',
    );
    expect(envOf(role)['VLLM_NIXL_SIDE_CHANNEL_PORT']).toBe('{port:prefill:nixl}');
  });

  test('were told their phase in other words before 1.0', () => {
    const command = commandOf(roleOf(served({ job: vllm, options: { version: '0.8.1' } }), 'decode'));
    expect(command).toMatch(/--is-decode-worker$/);
  });
});

describe('mockers', () => {
  const mocked = job({ framework: 'dynamo-mocker', image: 'host', decode: worker(2, 8) });

  test('need no devices, so that one machine has room for all', () => {
    const plan = served({ job: mocked, sku: CPU, options: { 'speedup-ratio': 2, python: '/venv/python' } });
    expect(plan.roles.every(({ place }) => place.devicesPerRank === 0 && place.nodes === 1)).toBe(true);
    expect(commandOf(roleOf(plan, 'prefill'))).toBe(
      '/venv/python -m dynamo.mocker --model-path org/model --model-name org/model --max-num-seqs 64 ' +
        '--speedup-ratio 2 --disaggregation-mode prefill --bootstrap-ports {port:prefill:bootstrap}',
    );
    expect(envOf(roleOf(plan, 'prefill'))['DYN_HTTP_RPC_HOST']).toBe('{host:prefill}');
    expect(roleOf(plan, 'frontend').runtime).toEqual({ kind: 'host' });
  });

  test('lie over nodes as the workers that they stand for, one process each', () => {
    const { roles } = served({ job: mocked });
    expect(roles.map(({ name, place }) => [name, place.nodes, place.devicesPerRank])).toEqual([
      ['etcd', 1, 0],
      ['prefill', 1, 4],
      ['decode', 1, 4],
      ['frontend', 1, 0],
    ]);
  });

  test('are sent ids that their model has', () => {
    const options = { vocabulary: { first: 257, end: 4096 } };
    expect(served({ job: mocked, options }).client).toMatchObject({ ...options, numPrompts: 640 });
  });
});
