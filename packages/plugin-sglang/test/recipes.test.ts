import { describe, expect, it } from 'vitest';
import { flags, job, plans, STRICT, type Printed } from './plans.js';

const LENGTHS_8K1K = { isl: 8192, osl: 1024 };
const serverOf = ({ processes: [server], rejected }: Printed) => {
  if (server === undefined) throw new Error(`no server: ${rejected?.reason}`);
  return { flags: flags(server.argv), env: server.env };
};

describe('recipes, as the original has them', () => {
  it('poll less often from 16 requests on, but not with the figures for tp 4', async () => {
    const [few, many, four] = (
      await plans([job({ conc: 15 }), job({ conc: 16 }), job({ tp: 4, ...LENGTHS_8K1K })], STRICT)
    ).map(serverOf);

    expect(few?.flags).toMatchObject({ 'scheduler-recv-interval': '10', 'max-running-requests': '128' });
    expect(many?.flags['scheduler-recv-interval']).toBe('30');
    expect(four?.flags).toMatchObject({
      'scheduler-recv-interval': '10',
      'max-running-requests': '32',
      'cuda-graph-max-bs': '32',
      'mem-fraction-static': '0.95',
      'chunked-prefill-size': '8192',
    });
  });

  it('follow lengths and concurrency where the scripts do', async () => {
    const h200 = { runner: 'h200' };
    const mi355x = { runner: 'mi355x' };
    const fp4 = { ...mi355x, precision: 'fp4' };
    const printed = await plans(
      [
        job(h200),
        job({ ...h200, osl: 8192 }),
        job({ ...mi355x, conc: 7 }),
        job({ ...fp4, ...LENGTHS_8K1K, conc: 32 }),
        job({ ...fp4, ...LENGTHS_8K1K, conc: 33 }),
      ],
      STRICT,
    );

    const found = printed.map(serverOf).map((server) => server.flags);
    expect(found.map((of) => of['cuda-graph-max-bs'])).toEqual(['512', '256', '7', '128', '128']);
    expect(found.map((of) => of['max-prefill-tokens'])).toEqual([
      '32768',
      '32768',
      '196608',
      '196608',
      '32768',
    ]);
    expect(found[2]).not.toHaveProperty('kv-cache-dtype');
  });

  it('refuse what the scripts refuse, in their words, and nothing else', async () => {
    const mtp = { 'spec-decoding': 'mtp' };
    const printed = await plans(
      [
        job({ tp: 4 }),
        job({ tp: 2 }),
        job({ tp: 4, ...mtp }),
        job({ runner: 'mi355x', ...mtp }),
        job({ 'model-prefix': 'llama' }),
        job({ runner: 'mi300x', tp: 16, ep: 3, 'dp-attn': true, ...mtp }),
      ],
      STRICT,
    );

    expect(printed.map(({ rejected }) => rejected?.reason)).toEqual([
      'TP=4 not yet supported for ISL=1024 OSL=1024!',
      'Unrecognized TP size 2!',
      'MTP only supports TP=8, got TP=4!',
      expect.stringContaining('no script'),
      expect.stringContaining('no script'),
      undefined,
    ]);
    // The script for MI300X looks at none of these.
    const { argv } = printed[5]!.processes[0]!;
    expect(argv.join(' ')).not.toMatch(/--(ep-size|data-parallel|enable-dp|speculative)/);
    expect(printed[5]!.client.chatTemplate).toBe(false);
  });
});

describe('mistakes of the original', () => {
  const mtp = job({ 'spec-decoding': 'mtp', image: 'lmsysorg/sglang:v0.5.8-cu130-amd64' });

  it('are in strict plans alone: an unexported variable, a fixed port, a missing check of the firmware', async () => {
    const jobs = [mtp, job({ runner: 'mi325x' })];
    const args = ['--port', '9000', '--fact', 'mec-firmware=166'];
    const [strictMtp, strict325] = (await plans(jobs, [...args, ...STRICT])).map(serverOf);
    const [own, own325] = (await plans(jobs, args)).map(serverOf);

    expect(strictMtp?.env).not.toHaveProperty('SGLANG_ENABLE_SPEC_V2');
    expect(own?.env['SGLANG_ENABLE_SPEC_V2']).toBe('1');
    expect([strict325?.flags['port'], own325?.flags['port']]).toEqual(['8888', '9000']);
    expect(strict325?.env).not.toHaveProperty('HSA_NO_SCRATCH_RECLAIM');
    expect(own325?.env['HSA_NO_SCRATCH_RECLAIM']).toBe('1');
  });

  it('do not keep parallelism and MTP from scripts that overlook them', async () => {
    const wide = { tp: 8, ep: 4, 'dp-attn': true };
    const [dp, speculating] = await plans([
      job({ runner: 'h200', ...wide }),
      job({ runner: 'mi300x', ...wide, 'spec-decoding': 'mtp' }),
    ]);

    for (const printed of [dp!, speculating!]) {
      expect(serverOf(printed).flags).toMatchObject({
        'ep-size': '4',
        'data-parallel-size': '8',
        'enable-dp-attention': '',
      });
    }
    expect(serverOf(speculating!).flags['speculative-algorithm']).toBe('EAGLE');
    expect(speculating!.client.chatTemplate).toBe(true);
  });
});

describe('firmware of MI300X', () => {
  it.each([
    [[], undefined],
    [['--fact', 'mec-firmware=177'], undefined],
    [['--fact', 'mec-firmware=176'], '1'],
    [['--fact', 'mec-firmware='], '1'],
    [['--fact', 'driver=6.14'], '1'],
  ])('with %j', async (facts, expected) => {
    const [printed] = await plans([job({ runner: 'mi300x' })], [...facts, ...STRICT]);
    expect(serverOf(printed!).env['HSA_NO_SCRATCH_RECLAIM']).toBe(expected);
  });
});

describe('versions of SGLang', () => {
  it('decide between the variable and the flag for FP8 GEMMs; strict keeps the variable', async () => {
    const newer = job({ image: 'lmsysorg/sglang:v0.5.8-cu130-amd64' });
    const named = job({ image: 'acme/inference:7', options: { 'engine-version': '0.5.6' } });
    const found = (await plans([job(), newer, named])).map(serverOf);
    const [strict] = (await plans([newer], STRICT)).map(serverOf);

    expect(found.map((one) => one.flags['fp8-gemm-backend'])).toEqual([
      undefined,
      'flashinfer_trtllm',
      undefined,
    ]);
    expect(found.map(({ env }) => env['SGLANG_ENABLE_FLASHINFER_GEMM'])).toEqual(['true', undefined, 'true']);
    expect(strict?.env).toMatchObject({
      SGLANG_ENABLE_FLASHINFER_GEMM: 'true',
      SGL_ENABLE_JIT_DEEPGEMM: 'false',
    });
  });
});

describe('other models', () => {
  it('are served by what all scripts have in common, with the options of the entry', async () => {
    const other = { model: 'acme/moe', 'model-prefix': 'acme', tp: 4, ep: 2 };
    const options = { 'extra-args': ['--mem-fraction-static', '0.7'], env: { KNOB: '1' } };
    const [nvidia, amd] = await plans([job({ ...other, options }), job({ ...other, runner: 'mi355x' })]);

    const server = serverOf(nvidia!);
    expect(nvidia!.prepare).toEqual([{ argv: ['hf', 'download', 'acme/moe'], env: {} }]);
    expect(server.flags).toMatchObject({
      'model-path': 'acme/moe',
      'tensor-parallel-size': '4',
      'ep-size': '2',
      'disable-radix-cache': '',
      'mem-fraction-static': '0.7',
    });
    expect(server.env).toEqual({ KNOB: '1' });
    expect(serverOf(amd!)).toMatchObject({
      flags: { 'attention-backend': 'aiter' },
      env: { SGLANG_USE_AITER: '1' },
    });
  });
});
