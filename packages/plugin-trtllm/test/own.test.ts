import { describe, expect, it } from 'vitest';
import { DP, FP4, GPTOSS, H200, MTP, job, own, plans, serverOf, strict } from './plans.js';

describe("mistakes of the original's scripts are in strict plans alone", () => {
  it('a variable that nothing reads, and an address that no other node reaches', async () => {
    const [original] = await strict({});
    const [ours] = await own({});

    expect(original!.env).toHaveProperty('MAX_MODEL_LEN', '8192');
    expect(ours!.env).toEqual({ TLLM_OVERRIDE_LAYER_NUM: '61' });
    expect([original!.flags['host'], ours!.flags['host']]).toEqual([undefined, '0.0.0.0']);
  });

  it('a batch of none for fewer requests than devices', async () => {
    const few = { ...H200, ...MTP, ...DP, conc: 7 };
    const found = [...(await strict(few)), ...(await own(few))];

    expect(found.map(({ flags }) => flags['max_batch_size'])).toEqual(['0', '1']);
  });

  it('a largest step without a graph', async () => {
    const long = { ...FP4, ep: 8, conc: 8000 };
    const last = [...(await strict(long)), ...(await own(long))].map(({ config }) =>
      config.torch_compile_config?.capture_num_tokens.at(-1),
    );
    expect(last).toEqual([8960, 9088]);
  });

  it('a line deleted from whatever release it is, not only from that with the bug', async () => {
    const image = 'nvcr.io#nvidia/tensorrt-llm/release:gpt-oss-dev';
    const printed = await plans([job({ ...GPTOSS, ...H200, image }), job({ ...GPTOSS, ...H200 })]);

    expect(printed.map(({ prepare }) => prepare.map(({ argv }) => argv[0]))).toEqual([['sed', 'hf'], ['hf']]);
  });
});

describe('pipeline parallelism', () => {
  it('is passed on', async () => {
    const servers = await own({ tp: 4, pp: 2 }, { ...GPTOSS, ...H200, tp: 2, pp: 2 });
    expect(servers.map(({ flags }) => flags['pp_size'])).toEqual(['2', '2']);
  });
});

describe('other models', () => {
  const other = { model: 'acme/moe', 'model-prefix': 'acme', runner: 'h100', tp: 4, ep: 2, ...DP };

  it('are served by what all scripts have in common', async () => {
    const [server] = await own(other);

    expect(server).toMatchObject({
      configFile: 'trtllm.yml',
      flags: {
        tp_size: '4',
        ep_size: '2',
        max_batch_size: '16',
        max_seq_len: '2248',
        max_num_tokens: '8192',
      },
      config: {
        enable_attention_dp: true,
        cuda_graph_config: { max_batch_size: 16 },
        kv_cache_config: { dtype: 'auto', enable_block_reuse: false },
      },
    });
    expect(server!.config).not.toHaveProperty('moe_config');
    expect(server!.env).toEqual({});
  });

  it('have MTP where their layers for it are known, or the entry says how', async () => {
    const drafting = { options: { config: { speculative_config: { decoding_type: 'MTP' } } } };
    const [known, unknown, told] = await plans([
      job({ runner: 'h100', ...MTP, conc: 4096 }),
      job({ ...other, ...MTP }),
      job({ ...other, ...MTP, ...drafting }),
    ]);

    expect(serverOf(known!).config.speculative_config).toEqual({
      decoding_type: 'MTP',
      num_nextn_predict_layers: 3,
    });
    expect(serverOf(known!).flags['max_num_tokens']).toBe('17472');
    expect(unknown!.rejected).toEqual({
      reason: 'acme is not known to have MTP layers',
      nearest: { 'spec-decoding': 'none' },
    });
    expect(told!.client.chatTemplate).toBe(true);
  });

  it('have their options last', async () => {
    const config = {
      kv_cache_config: { free_gpu_memory_fraction: 0.5 },
      enable_chunked_prefill: true,
      stream_interval: 1,
    };
    const options = { 'extra-args': ['--max_num_tokens', '4096'], env: { KNOB: '1' }, config };
    const [server] = await own({ options });

    expect(server!.flags['max_num_tokens']).toBe('4096');
    expect(server!.env).toHaveProperty('KNOB', '1');
    expect(server!.config).toMatchObject({
      kv_cache_config: { dtype: 'fp8', free_gpu_memory_fraction: 0.5 },
      enable_chunked_prefill: true,
      stream_interval: 1,
    });
  });
});

describe("workers of Dynamo's", () => {
  it('have the recipe for their part of the job, without a server', async () => {
    const worker = { 'num-worker': 1, tp: 8, ep: 8, 'dp-attn': false };
    const [printed] = await plans([
      {
        ...job(),
        framework: 'dynamo-trt',
        disagg: true,
        conc: [2048],
        prefill: worker,
        decode: { ...worker, ...DP },
        ...MTP,
        options: { launch: 'native' },
      },
    ]);
    const decode = printed!.processes.find(({ role }) => role === 'decode');
    const server = serverOf({ ...printed!, processes: [decode!] });

    expect(decode!.argv.join(' ')).toMatch(/--max-batch-size 64 --max-seq-len 2248 --max-num-tokens 1216/);
    expect(decode!.env).toHaveProperty('ENABLE_CONFIGURABLE_MOE', '1');
    expect(server.config).toMatchObject({
      enable_attention_dp: true,
      cuda_graph_config: { max_batch_size: 64 },
      speculative_config: { num_nextn_predict_layers: 1 },
    });
    expect(server.config).not.toHaveProperty('host');
  });
});
