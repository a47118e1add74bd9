import { describe, expect, it } from 'vitest';
import { STRICT, flag, plan, plans } from './plans.js';

const job = (changes: object = {}): object => ({
  image: 'vllm/vllm-openai:v0.13.0',
  model: 'openai/gpt-oss-120b',
  'model-prefix': 'gptoss',
  precision: 'fp4',
  framework: 'vllm',
  runner: 'b200',
  'spec-decoding': 'none',
  'exp-name': 'gptoss_1k1k',
  disagg: false,
  isl: 1024,
  osl: 1024,
  'max-model-len': 2248,
  tp: 2,
  ep: 1,
  'dp-attn': false,
  conc: 16,
  ...changes,
});

const LONG = { isl: 8192, osl: 1024, 'max-model-len': 9416 };
const configOf = async (changes: object): Promise<string> =>
  (await plan(job(changes), STRICT)).processes![0]!.files['config.yaml'] ?? '';

describe('recipes of gpt-oss', () => {
  it('take no more context on B200 and H200 than the lengths need', async () => {
    expect(await configOf({})).toContain('max-model-len: 2068');
    expect(await configOf({ runner: 'h200', ...LONG })).toContain('max-model-len: 9416');
    expect(await configOf({ isl: 2000, osl: 2000, 'max-model-len': 4200 })).toContain('max-model-len: 4200');
    expect(await configOf({ runner: 'h100' })).toContain('max-model-len: 10240');
    expect(flag(await plan(job({ runner: 'mi300x' })), '--max-model-len')).toBe('2248');
  });

  it('take as many sequences as requests are in flight, on B200 always 512', async () => {
    expect(flag(await plan(job()), '--max-num-seqs')).toBe('512');
    expect(flag(await plan(job({ runner: 'h200' })), '--max-num-seqs')).toBe('16');
  });

  it('heed old or unreadable firmware on MI300X and MI325X, and visible devices', async () => {
    for (const runner of ['mi300x', 'mi325x']) {
      const env = async (...args: string[]) => (await plan(job({ runner }), args)).processes![0]!.env;
      expect(await env()).not.toHaveProperty('HSA_NO_SCRATCH_RECLAIM');
      expect(await env('--fact', 'mec-firmware=177')).not.toHaveProperty('HSA_NO_SCRATCH_RECLAIM');
      expect(await env('--fact', 'mec-firmware=176')).toHaveProperty('HSA_NO_SCRATCH_RECLAIM', '1');
      expect(await env('--fact', 'mec-firmware=')).toHaveProperty('HSA_NO_SCRATCH_RECLAIM', '1');
      expect(await env('--env', 'ROCR_VISIBLE_DEVICES=0,1')).toHaveProperty('HIP_VISIBLE_DEVICES', '0,1');
    }
    const mi355x = await plan(job({ runner: 'mi355x' }), ['--env', 'ROCR_VISIBLE_DEVICES=0,1']);
    expect(mi355x.processes![0]!.env).not.toHaveProperty('HIP_VISIBLE_DEVICES');
  });

  it('leave out what the engine no longer has, and say so; strict plans keep it', async () => {
    const old = job({ runner: 'mi355x', image: 'rocm/7.0:rocm7.0_ubuntu_22.04_vllm_0.10.1_instinct' });
    const given = { ...old, options: { 'engine-version': '0.17.0' } };

    expect(flag(await plan(old), '--max-seq-len-to-capture')).toBe('2248');
    expect(flag(await plan(job()), '--disable-log-requests')).toBe(true);
    const printed = await plan(given);
    expect(flag(printed, '--max-seq-len-to-capture')).toBeUndefined();
    expect(flag(printed, '--disable-log-requests')).toBeUndefined();
    expect(printed.warnings).toEqual([
      expect.stringContaining('--disable-log-requests is left out') as string,
      expect.stringContaining('--max-seq-len-to-capture is left out') as string,
    ]);
    const strict = await plan(given, STRICT);
    expect(flag(strict, '--max-seq-len-to-capture')).toBe('2248');
    expect(strict.warnings).toBeUndefined();
  });

  it('are not for MTP, which h100 and MI300X overlook in the original', async () => {
    const mtp = { 'spec-decoding': 'mtp' };
    const [b200, h100] = await plans([job(mtp), job({ ...mtp, runner: 'h100' })], STRICT);

    expect(b200!.rejected?.reason).toContain('no script');
    expect(h100!.rejected).toBeUndefined();
    expect(h100!.client!.chatTemplate).toBe(false);
    expect((await plan(job({ ...mtp, runner: 'h100' }))).rejected?.reason).toContain('no layers');
  });
});

describe('any other model', () => {
  const other = (changes: object = {}) => job({ model: 'org/other', 'model-prefix': 'other', ...changes });

  it('is served with what the job says; strict plans know none', async () => {
    const printed = await plan(other({ runner: 'h200', ep: 2 }));

    expect(flag(printed, '--tensor-parallel-size')).toBe('2');
    expect(flag(printed, '--enable-expert-parallel')).toBe(true);
    expect(flag(printed, '--gpu-memory-utilization')).toBe('0.9');
    expect(printed.prepare).toEqual([{ argv: ['hf', 'download', 'org/other'], env: {} }]);
    expect((await plan(other(), STRICT)).rejected?.reason).toContain('no script');
  });

  it('runs on a CPU without the flags of GPUs, and without a container where the image is host', async () => {
    const printed = await plan(other({ runner: 'cpu', image: 'host', tp: 1 }));

    expect(printed.image).toBeUndefined();
    expect(flag(printed, '--host')).toBe('127.0.0.1');
    expect(flag(printed, '--gpu-memory-utilization')).toBeUndefined();
    expect(flag(printed, '--async-scheduling')).toBeUndefined();
  });

  it('heeds firmware and visible devices of AMD alone, whatever is known of other nodes', async () => {
    const args = ['--fact', 'driver=580', '--env', 'ROCR_VISIBLE_DEVICES=0'];
    for (const changes of [{ runner: 'h200' }, { runner: 'cpu', image: 'host', tp: 1 }]) {
      expect((await plan(other(changes), args)).processes![0]!.env).toEqual({});
    }
    expect((await plan(other({ runner: 'mi355x' }), args)).processes![0]!.env).toEqual({
      HSA_NO_SCRATCH_RECLAIM: '1',
      HIP_VISIBLE_DEVICES: '0',
    });
  });

  it('is for Dynamo on several nodes', async () => {
    const worker = { 'num-worker': 1, tp: 2, ep: 1, 'dp-attn': false, 'additional-settings': [] };
    const { rejected } = await plan({
      ...other({ conc: [16], disagg: true }),
      ...{ tp: undefined, ep: undefined, 'dp-attn': undefined, prefill: worker, decode: worker },
    });

    expect(rejected?.reason).toContain('dynamo-vllm');
  });

  it.each([
    [{ tp: 16 }, 'takes 16 devices', { tp: 8 }],
    [{ tp: 8, ep: 4 }, 'neither 1 nor tp', { ep: 8 }],
    [{ 'dp-attn': true }, 'no data-parallel attention', { 'dp-attn': false }],
    [{ 'spec-decoding': 'draft_model' }, 'a draft model', { 'spec-decoding': 'none' }],
  ])('is rejected with %j', async (changes, reason, nearest) => {
    const { rejected } = await plan(other({ runner: 'h200', ...changes }));

    expect(rejected?.reason).toContain(reason);
    expect(rejected?.nearest).toMatchObject(nearest);
  });
});
