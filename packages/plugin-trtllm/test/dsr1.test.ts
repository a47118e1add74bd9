import { describe, expect, it } from 'vitest';
import { DP, FP4, H200, LENGTHS, MTP, strict } from './plans.js';
import {
  batches,
  backends,
  fractions,
  flagsOf,
  tokens,
  captured,
  piecewise,
  BALANCED,
  POWERS,
  upTo,
} from './servers.js';

describe('dsr1 in FP4 on B200', () => {
  it('raises lengths and steps to 8192, and rounds steps to 64', async () => {
    const servers = await strict(
      { ...FP4, ...LENGTHS['8k1k'], conc: 1 },
      { ...FP4, ...LENGTHS['8k1k'], conc: 64 },
      { ...FP4, ...LENGTHS['8k1k'], conc: 65 },
    );
    expect(flagsOf('max_seq_len', servers)).toEqual([9416, 9416, 9416]);
    expect(tokens(servers)).toEqual([8320, 8320, 8384]);
    expect(servers.map(({ env }) => env)).toEqual([{}, {}, {}]);
  });

  it('divides requests by 4 with data-parallel attention', async () => {
    const dp = { ...FP4, ...DP };
    const servers = await strict({ ...dp, conc: 3 }, { ...dp, conc: 4 }, { ...dp, conc: 255 }, FP4);

    expect(batches(servers)).toEqual([3, 1, 63, 16]);
    expect(backends(servers)).toEqual(['CUTLASS', 'CUTLASS', 'CUTLASS', 'TRTLLM']);
    expect(servers.map(({ config }) => config.attention_dp_config)).toEqual([
      BALANCED,
      BALANCED,
      BALANCED,
      undefined,
    ]);
  });

  it('captures parts for 1k1k on eight devices with as many parts of experts', async () => {
    const whole = { ...FP4, tp: 8, ep: 8 };
    const servers = await strict(
      whole,
      { ...whole, ...DP },
      { ...whole, ep: 4 },
      { ...whole, ...LENGTHS['1k8k'] },
    );

    expect(piecewise(servers)).toEqual([true, true, false, false]);
    expect(captured(servers[0]!)).toEqual([...POWERS, ...upTo(8192)]);
  });
});

describe('dsr1 in FP4 on B200 with MTP', () => {
  const mtp = { ...FP4, ...MTP };

  it('has room for what it drafts, and raises nothing', async () => {
    const servers = await strict({ ...mtp, conc: 8 }, { ...mtp, ...DP, conc: 256 });

    expect(servers.map(({ config }) => config.speculative_config?.num_nextn_predict_layers)).toEqual([3, 1]);
    expect(flagsOf('max_batch_size', servers)).toEqual([8, 64]);
    expect(batches(servers)).toEqual([8, 64]);
    expect(tokens(servers)).toEqual([1152, 1216]);
    expect(flagsOf('max_seq_len', servers)).toEqual([2248, 2248]);
    expect(servers[0]!.env).toEqual({});
  });

  it('captures parts at a few concurrencies, up to the largest step', async () => {
    const at = (conc: number, ...more: object[]) => Object.assign({ ...mtp, conc }, ...more) as object;
    const servers = await strict(
      ...[16, 32, 64, 128].map((conc) => at(conc)),
      at(128, DP),
      at(64, LENGTHS['1k8k']),
      at(32, LENGTHS['1k8k']),
      at(64, LENGTHS['8k1k']),
    );
    expect(piecewise(servers)).toEqual([false, true, true, true, false, true, false, false]);
    expect(captured(servers[1]!)).toEqual([...POWERS, ...upTo(1024), 1216]);
    expect(captured(servers[2]!)).toEqual([...POWERS, ...upTo(1280), 1344]);
    expect(captured(servers[3]!)).toEqual([...POWERS, ...upTo(1536), 1600]);
  });
});

describe('dsr1 in FP8 on B200', () => {
  const at = (lengths: keyof typeof LENGTHS, conc: number, more: object = {}) => ({
    ...LENGTHS[lengths],
    conc,
    ...more,
  });

  it('goes by lengths and concurrency, and never by data-parallel attention', async () => {
    const servers = await strict(
      at('1k1k', 63),
      at('1k1k', 64, DP),
      at('1k8k', 127),
      at('1k8k', 128),
      at('1k8k', 256),
      at('8k1k', 63),
      at('8k1k', 64),
      at('8k1k', 4, { tp: 4 }),
    );
    expect(piecewise(servers)).toEqual([false, true, false, true, false, false, true, false]);
    expect(servers.map(({ config }) => config.batch_wait_timeout_iters)).toEqual([
      undefined,
      40,
      ...Array.from({ length: 6 }, () => undefined),
    ]);
    expect(batches(servers)).toEqual([63, 64, 127, 128, 32, 63, 64, 4]);
    expect(
      backends(servers)
        .map((backend) => backend === 'DEEPGEMM')
        .indexOf(true),
    ).toBe(4);
    expect(fractions(servers)).toEqual([0.8, 0.8, 0.8, 0.8, 0.7, 0.8, 0.8, 0.75]);
    expect(servers[1]!.config).toMatchObject({
      batch_wait_max_tokens_ratio: 0.8,
      attention_dp_config: BALANCED,
    });
    expect(servers[0]!.env).toEqual({ MAX_MODEL_LEN: '8192', TLLM_OVERRIDE_LAYER_NUM: '61' });
    expect(captured(servers[6]!)).toEqual([...POWERS, ...upTo(8192), 8320]);
  });
});

describe('dsr1 in FP8 on B200 with MTP', () => {
  it('goes by data-parallel attention', async () => {
    const servers = await strict(MTP, { ...MTP, ...DP, conc: 7 }, { ...MTP, ...DP, conc: 64 });

    expect(flagsOf('max_batch_size', servers)).toEqual([16, 7, 8]);
    expect(backends(servers)).toEqual(['TRTLLM', 'DEEPGEMM', 'DEEPGEMM']);
    expect(fractions(servers)).toEqual([0.8, 0.7, 0.7]);
    expect(servers.map(({ env }) => env)).toEqual([
      {},
      { ENABLE_CONFIGURABLE_MOE: '1' },
      { ENABLE_CONFIGURABLE_MOE: '1' },
    ]);
    expect(piecewise(servers)).toEqual([true, false, false]);
  });

  it('captures parts from a concurrency on that the lengths decide', async () => {
    const at = (lengths: object, conc: number) => ({ ...MTP, ...lengths, conc });
    const odd = { isl: 2048, osl: 512, 'max-model-len': 2760 };
    const servers = await strict(
      ...[at(LENGTHS['1k1k'], 4), at(LENGTHS['1k1k'], 5)],
      ...[at(LENGTHS['1k8k'], 8), at(LENGTHS['1k8k'], 9)],
      ...[at(LENGTHS['8k1k'], 16), at(LENGTHS['8k1k'], 17)],
      at(odd, 1),
    );
    expect(piecewise(servers)).toEqual([false, true, false, true, false, true, true]);
  });
});

describe('dsr1 in FP8 on H200', () => {
  it('has graphs of batches of 128', async () => {
    const servers = await strict({ ...H200, conc: 7 }, { ...H200, ...DP, conc: 512 });

    expect([batches(servers), fractions(servers), backends(servers)]).toEqual([
      [128, 128],
      [0.75, 0.75],
      ['CUTLASS', 'CUTLASS'],
    ]);
    expect(servers.map(({ config }) => config.attention_dp_config)).toEqual([undefined, BALANCED]);
    expect(servers[0]!.env).toEqual({ MAX_MODEL_LEN: '8192', PYTHONNOUSERSITE: '1' });
  });

  it('divides requests by tp with MTP and data-parallel attention, even down to none', async () => {
    const mtp = { ...H200, ...MTP };
    const servers = await strict(
      { ...mtp, conc: 7 },
      { ...mtp, ...DP, conc: 64, ...LENGTHS['8k1k'] },
      { ...mtp, ...DP, conc: 7 },
    );
    expect(flagsOf('max_batch_size', servers)).toEqual([7, 8, 0]);
    expect(tokens(servers)).toEqual([1152, 8320, 1088]);
    expect(batches(servers)).toEqual([128, 128, 128]);
    expect(servers.map(({ env }) => env['PYTORCH_CUDA_ALLOC_CONF'])).toEqual([
      undefined,
      'max_split_size_mb:8192',
      undefined,
    ]);
  });
});
