import { describe, expect, it } from 'vitest';
import { STRICT, flag, plan } from './plans.js';

const job = (changes: object = {}): object => ({
  image: 'rocm/atom:rocm7.1.1-ubuntu24.04-pytorch2.9-atom0.1.1-MI350x',
  model: 'deepseek-ai/DeepSeek-R1-0528',
  'model-prefix': 'dsr1',
  precision: 'fp8',
  framework: 'atom',
  runner: 'mi355x',
  'spec-decoding': 'none',
  'exp-name': 'dsr1_1k1k',
  disagg: false,
  isl: 1024,
  osl: 1024,
  'max-model-len': 2248,
  tp: 8,
  ep: 1,
  'dp-attn': false,
  conc: 16,
  ...changes,
});

describe('recipes', () => {
  it('have room for the longest scenario unless lengths are short, and expert parallelism where there is any', async () => {
    const short = await plan(job());
    expect(short.processes![0]!.argv.slice(0, 5)).toEqual([
      ...['python3', '-m', 'atom.entrypoints.openai_server'],
      ...['--model', 'deepseek-ai/DeepSeek-R1-0528'],
    ]);
    expect(flag(short, '-tp')).toBe('8');
    expect(flag(short, '--max-model-len')).toBeUndefined();
    expect(flag(short, '--enable-expert-parallel')).toBeUndefined();
    const long = await plan(job({ isl: 8192, 'max-model-len': 9416, ep: 8 }));
    expect(flag(long, '--max-model-len')).toBe('10240');
    expect(flag(long, '--enable-expert-parallel')).toBe(true);
  });

  it('take blocks of 16 tokens, of what the options say, or strictly of what the environment says', async () => {
    const env = ['--env', 'BLOCK_SIZE=64'];
    expect(flag(await plan(job()), '--block-size')).toBe('16');
    expect(flag(await plan(job(), env), '--block-size')).toBe('16');
    expect(flag(await plan(job(), [...env, ...STRICT]), '--block-size')).toBe('64');
    expect(flag(await plan(job({ options: { 'block-size': 32 } })), '--block-size')).toBe('32');
  });

  it('draft by MTP, with the chat template and without a block size', async () => {
    const printed = await plan(job({ 'spec-decoding': 'mtp', precision: 'fp4' }));
    expect(flag(printed, '--method')).toBe('mtp');
    expect(flag(printed, '--block-size')).toBeUndefined();
    expect(printed.client!.chatTemplate).toBe(true);
    expect(printed.processes![0]!.env).toEqual({ OMP_NUM_THREADS: '1', AMDGCN_USE_BUFFER_OPS: '1' });
  });

  it('fetch the model first, which the original leaves to the server', async () => {
    expect((await plan(job())).prepare).toHaveLength(1);
    expect((await plan(job(), STRICT)).prepare).toEqual([]);
  });

  it('name gpt-oss to the engine', async () => {
    const gptoss = { 'model-prefix': 'gptoss', precision: 'fp4', model: 'openai/gpt-oss-120b', tp: 1 };
    expect((await plan(job(gptoss))).processes![0]!.env).toHaveProperty('ATOM_GPT_OSS_MODEL', '1');
  });

  it('are there for other models, too, but not strictly', async () => {
    const other = job({ 'model-prefix': 'other', model: 'org/other' });
    expect(flag(await plan(other), '--max-model-len')).toBe('2248');
    expect((await plan(other, STRICT)).rejected?.reason).toContain('no script');
  });
});

describe('what ATOM can not do', () => {
  it.each([
    [{ runner: 'h200' }, 'only on AMD GPUs', { runner: 'mi355x' }],
    [{ tp: 16 }, 'takes 16 devices', { tp: 8 }],
    [{ ep: 4 }, 'neither 1 nor tp', { ep: 8 }],
    [{ 'dp-attn': true }, 'no data-parallel attention', { 'dp-attn': false }],
    [{ 'spec-decoding': 'draft_model' }, 'draft models', { 'spec-decoding': 'none' }],
  ])('is rejected: %j', async (changes, reason, nearest) => {
    const { rejected } = await plan(job(changes));
    expect(rejected?.reason).toContain(reason);
    expect(rejected?.nearest).toMatchObject(nearest);
  });
});
