import { describe, expect, test } from 'vitest';
import { job, refusal, served, shown, submitted, withRecipe, worker } from './fixtures.js';

const srtSlurm = {
  account: 'a',
  partition: 'p',
  'time-limit': '4:00:00',
  'gpus-per-node': 4,
  arch: 'aarch64',
  env: { JOB: 'j' },
  tags: ['g1', '{model-prefix}', '{precision}'],
  'original-tags': ['g1', 'other', 'fp8'],
  arguments: { 'dynamo-sglang': ['--setup-script', 's.sh'] },
  import: ['srun', '-N', '1'],
  images: [
    { match: { framework: 'dynamo-sglang' }, file: '/squash/one.sqsh', container: 'engine:1' },
    { folder: '/squash', joiner: '+', without: 'nvcr.io/' },
  ],
  'more-images': ['nginx:1'],
  containers: { latest: '{squash}', '{container}': '{squash}', nginx: '/squash/nginx.sqsh' },
  models: [
    {
      match: { 'model-prefix': 'm', precision: 'fp4' },
      path: '/models/m',
      names: ['m', 'm-fp4'],
      env: { SERVED_MODEL_NAME: '{model}' },
    },
    { match: { framework: ['dynamo-sglang', 'dynamo-vllm'] }, path: '{model}', names: [''] },
  ],
  'needs-config-file': ['dynamo-sglang'],
  srtslurm: { use_exclusive_sbatch_directive: true },
};
const prefill = worker(1, 4, withRecipe('r.yaml'));
const given = { srtSlurm, job: job({ prefill }) };

describe('a job with a recipe file on a cluster that srt-slurm is known for', () => {
  test('is submitted with what the cluster and the model need', () => {
    const { submit } = submitted({ ...given, strict: true });
    expect(submit.argv.map(shown)).toEqual([
      ...['srtctl', 'apply', '-f', 'r.yaml', '--tags', 'g1,other,fp8,8192x1024,infmax-{date}'],
    ]);
    expect(submit.env).toEqual({
      SLURM_ACCOUNT: 'a',
      SLURM_PARTITION: 'p',
      JOB: 'j',
      MODEL_PATH: '/models/m',
      SERVED_MODEL_NAME: 'org/model',
    });
    expect(shown(submit.cwd ?? '')).toBe('{workspace}/srt-slurm');
  });

  test('tells srtctl of the cluster in a file', () => {
    const { files } = submitted(given);
    const squash = '/squash/nvidia+ai-dynamo+tensorrtllm-runtime+0.8.1.post2.sqsh';
    expect(
      shown(files?.['srt-slurm/srtslurm.yaml'] ?? '')
        .trim()
        .split('\n'),
    ).toEqual([
      'default_account: a',
      'default_partition: p',
      'default_time_limit: 4:00:00',
      'gpus_per_node: 4',
      'network_interface: ""',
      'model_paths:',
      '  m: /models/m',
      '  m-fp4: /models/m',
      'containers:',
      `  latest: ${squash}`,
      `  nvcr.io#nvidia/ai-dynamo/tensorrtllm-runtime:0.8.1.post2: ${squash}`,
      '  nginx: /squash/nginx.sqsh',
      'use_exclusive_sbatch_directive: true',
      'srtctl_root: "{workspace}/srt-slurm"',
    ]);
  });

  test('has the tags of what it is, and srtctl of its own clone, unless the original is asked for', () => {
    const argv = submitted(given).submit.argv.map(shown);
    expect(argv[0]).toBe('{workspace}/srt-slurm/.venv/bin/srtctl');
    expect(argv[5]).toBe('g1,m,fp4,8192x1024,infmax-{date}');
  });

  test('gets srtctl, images and tools first, none of it by a shell', () => {
    const commands = submitted(given).setup?.map(({ argv }) => argv.map(shown).join(' ')) ?? [];
    expect(commands).toEqual([
      expect.stringMatching(/^git clone --branch \S+ https:\S+\.git \{workspace\}\/srt-slurm$/),
      'uv venv',
      'uv pip install -e .',
      expect.stringMatching(/^srun -N 1 enroot import -o \S+post2\.sqsh docker:\/\/nvcr\.io\/\S+post2$/),
      'srun -N 1 enroot import -o /squash/nginx+1.sqsh docker://nginx:1',
      'make setup ARCH=aarch64',
    ]);
  });

  test('follows what is said of its framework', () => {
    const sglang = job({ prefill, framework: 'dynamo-sglang', precision: 'bf16' });
    const { submit, files } = submitted({ srtSlurm, job: sglang });
    expect(submit.argv.slice(-2)).toEqual(['--setup-script', 's.sh']);
    expect(submit.env['MODEL_PATH']).toBe('org/model');
    const yaml = shown(files?.['srt-slurm/srtslurm.yaml'] ?? '');
    expect(yaml).toContain('  engine:1: /squash/one.sqsh');
    expect(yaml).toContain('  "": org/model');
  });

  test('is started natively when that is asked for, and says what becomes of its recipe', () => {
    expect(served({ ...given, options: { launch: 'native' } }).notes?.join()).toContain('r.yaml');
  });
});

describe('a job without a recipe file', () => {
  const without = { srtSlurm, job: job() };

  test('is started natively, but by the original submitted with nothing for a recipe', () => {
    expect(served(without).kind).toBe('serve');
    expect(submitted({ ...without, strict: true }).submit.argv.slice(2, 4)).toEqual(['-f', '']);
  });

  test('is refused where the original can do nothing with it', () => {
    const sglang = { srtSlurm, job: job({ framework: 'dynamo-sglang' }) };
    expect(refusal({ ...sglang, strict: true })?.reason).toContain('CONFIG_FILE');
    expect(refusal(sglang)).toBeUndefined();
  });
});

describe('a job is refused', () => {
  test('when srtctl does not have its model there, in both modes', () => {
    const other = { srtSlurm, job: job({ prefill, precision: 'bf16' }) };
    expect(refusal({ ...other, strict: true })?.reason).toBe('dynamo-trt: there is no m in bf16 on c');
    expect(refusal(other)?.nearest).toEqual({ options: { launch: 'native' } });
  });

  test('by srtctl outside of clusters that it is known for', () => {
    expect(refusal({ job: job({ prefill }) })).toBeUndefined();
    expect(refusal({ job: job({ prefill }), options: { launch: 'srtctl' } })?.reason).toContain('srt-slurm');
    expect(refusal({ job: job({ prefill }), strict: true })?.reason).toContain('srt-slurm');
  });

  test('never for settings that are wrong: those are said to be so', () => {
    const wrong = { ...given, srtSlurm: { ...srtSlurm, arch: 'sparc', more: 1 } };
    expect(() => refusal(wrong)).toThrow(/cluster c: settings\.srt-slurm: arch: .*; .*more/);
  });
});
