import { describe, expect, it } from 'vitest';
import { DP, FP4, GPTOSS, H200, MTP, job, plans, serverOf, strict, STRICT } from './plans.js';

describe('every strict plan', () => {
  it('is trtllm-serve under mpirun, with a file of extra options', async () => {
    const [printed] = await plans([job({ ...FP4, tp: 4, conc: 4 })], [...STRICT, '--port', '9000']);

    expect(printed!.prepare).toEqual([{ argv: ['hf', 'download', FP4.model], env: {} }]);
    expect(printed!.image).toBe('nvcr.io#nvidia/tensorrt-llm/release:1.2.0rc6.post2');
    expect(printed!.processes[0]!.argv.slice(0, 9)).toEqual(
      `mpirun -n 1 --oversubscribe --allow-run-as-root trtllm-serve ${FP4.model} --port 9000`.split(' '),
    );
    expect(serverOf(printed!)).toEqual({
      flags: {
        port: '9000',
        trust_remote_code: '',
        backend: 'pytorch',
        max_seq_len: '8192',
        max_num_tokens: '8192',
        tp_size: '4',
        ep_size: '1',
        extra_llm_api_options: 'dsr1-fp4.yml',
      },
      env: { MAX_MODEL_LEN: '8192' },
      configFile: 'dsr1-fp4.yml',
      config: {
        cuda_graph_config: { enable_padding: true, max_batch_size: 4 },
        enable_attention_dp: false,
        print_iter_log: true,
        kv_cache_config: { dtype: 'fp8', free_gpu_memory_fraction: 0.8, enable_block_reuse: false },
        stream_interval: 10,
        moe_config: { backend: 'TRTLLM' },
      },
    });
    expect(printed!.client).toMatchObject({ backend: 'openai', chatTemplate: false });
  });

  it('gives MTP the chat template, and a draft model the script without either', async () => {
    const [mtp, draft] = await plans([job(MTP), job({ 'spec-decoding': 'draft_model' })], STRICT);

    expect([mtp!.client.chatTemplate, draft!.client.chatTemplate]).toEqual([true, false]);
    expect([serverOf(mtp!).configFile, serverOf(draft!).configFile]).toEqual([
      'dsr1-fp8-mtp.yml',
      'dsr1-fp8.yml',
    ]);
  });

  it('refuses what there is no script for, and no parallelism', async () => {
    const printed = await plans(
      [job({ ...GPTOSS, ...MTP }), job({ ...H200, ...FP4 }), job({ tp: 16, ep: 3, ...DP })],
      STRICT,
    );
    const noScript = expect.stringContaining('the original has no script') as string;
    expect(printed.map(({ rejected }) => rejected?.reason)).toEqual([noScript, noScript, undefined]);
  });
});

describe('gpt-oss', () => {
  it('on B200: 512 requests, and experts reached by what ep says', async () => {
    const b200 = { ...GPTOSS, tp: 2 };
    const servers = await strict(b200, { ...b200, ...DP }, { ...b200, ...DP, ep: 2 });

    expect(servers[0]).toMatchObject({
      configFile: 'gptoss-fp4.yml',
      flags: { max_batch_size: '512', max_seq_len: '2248', max_num_tokens: '20000' },
      config: { cuda_graph_config: { max_batch_size: 16 }, stream_interval: 20, num_postprocess_workers: 4 },
    });
    expect(servers.map(({ config }) => config.attention_dp_config)).toEqual([
      undefined,
      { enable_balance: true },
      { enable_balance: true },
    ]);
    expect(servers.map(({ env }) => env)).toEqual([
      { TRTLLM_ENABLE_PDL: '1' },
      { TRTLLM_ENABLE_PDL: '1', TRTLLM_FORCE_ALLTOALL_METHOD: 'NotEnabled' },
      {
        TRTLLM_ENABLE_PDL: '1',
        TRTLLM_FORCE_ALLTOALL_METHOD: 'MNNVL',
        TRTLLM_MOE_ALLTOALL_BACKEND: 'mnnvlthroughput',
        TRTLLM_MOE_A2A_WORKSPACE_MB: '2048',
      },
    ]);
  });

  it('on H200: all that trtllm-serve can be told, after a repair', async () => {
    const [printed] = await plans([job({ ...GPTOSS, ...H200, ...DP, tp: 4, ep: 4 })], STRICT);

    expect(printed!.prepare.map(({ argv }) => argv.slice(0, 3).join(' '))).toEqual([
      'sed -i 417d',
      'hf download openai/gpt-oss-120b',
    ]);
    expect(serverOf(printed!)).toEqual({
      flags: {
        ...{ host: '0.0.0.0', port: '8888', trust_remote_code: '', backend: 'pytorch' },
        ...{ tp_size: '4', ep_size: '4', pp_size: '1', gpus_per_node: '8' },
        ...{ max_batch_size: '16', max_num_tokens: '20000', extra_llm_api_options: 'gptoss-config.yml' },
      },
      env: { TRTLLM_ENABLE_PDL: '1', PYTHONNOUSERSITE: '1' },
      configFile: 'gptoss-config.yml',
      config: {
        cuda_graph_config: { enable_padding: true, max_batch_size: 16 },
        enable_attention_dp: true,
        kv_cache_config: { dtype: 'auto', enable_block_reuse: false, free_gpu_memory_fraction: 0.85 },
        moe_config: { backend: 'TRITON' },
        num_postprocess_workers: 4,
        print_iter_log: true,
        stream_interval: 20,
      },
    });
  });
});
