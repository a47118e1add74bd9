import type { Executor, Output, ProcessSpec } from '@sweepline/core';
import { createLocalExecutor } from '@sweepline/core/launch';
import { expect, it } from 'vitest';
import { createController } from '../src/controller.js';
import { callerEnvironment } from '../src/environment.js';

const never = new AbortController().signal;

/** A machine whose commands of Slurm print what real ones printed (Slurm 22.05). */
function printing(output: Partial<Output>, specs: ProcessSpec[] = []): Executor {
  return {
    ...createLocalExecutor(),
    run: (spec) => {
      specs.push(spec);
      return Promise.resolve({ exit: { code: 0, signal: undefined }, stdout: '', stderr: '', ...output });
    },
  };
}
const failing = (stderr: string) => printing({ exit: { code: 1, signal: undefined }, stderr });

it('takes the number of a job from a whole line alone', async () => {
  const submit = (stdout: string) => createController(printing({ stdout }), []).submit(['sbatch'], never);
  await expect(submit('4242\n')).resolves.toBe('4242');
  await expect(submit('4242;cluster\n')).resolves.toBe('4242');
  for (const noise of ['Submitted batch job 4242\n', 'srun: Step created for job 1\n4242 10.0.0.1\n', '']) {
    await expect(submit(noise)).rejects.toMatchObject({ code: 'SCHEDULER_UNREACHABLE' });
  }
});

it.each([
  ['Batch job submission failed: Invalid partition name specified', 'ALLOCATION_FAILED'],
  ['Batch job submission failed: Requested node configuration is not available', 'ALLOCATION_FAILED'],
  ['Batch job submission failed: Socket timed out on send/recv operation', 'SCHEDULER_UNREACHABLE'],
  [
    'Batch job submission failed: Unable to contact slurm controller (connect failure)',
    'SCHEDULER_UNREACHABLE',
  ],
])('tells a refusal from silence: %s', async (words, code) => {
  const controller = createController(failing(`sbatch: error: ${words}\n`), []);
  await expect(controller.submit(['sbatch'], never)).rejects.toMatchObject({ code });
});

it('tells a job that Slurm has forgotten from a controller that does not answer', async () => {
  const stateBy = (stderr: string) => createController(failing(stderr), []).stateOf('7');
  await expect(stateBy('slurm_load_jobs error: Invalid job id specified\n')).resolves.toMatchObject({
    phase: 'ended',
  });
  await expect(
    stateBy('slurm_load_jobs error: Socket timed out on send/recv operation\n'),
  ).rejects.toMatchObject({ code: 'SCHEDULER_UNREACHABLE' });
});

it('finds jobs by the whole token, and no others with names like it', async () => {
  const token = 'ab'.repeat(16);
  const stdout = [`5|sweepline-${token}`, `6|sweepline-${token}x`, '7|sweepline', ''].join('\n');
  const specs: ProcessSpec[] = [];
  const controller = createController(printing({ stdout }, specs), ['HF_TOKEN']);
  await expect(controller.find(token)).resolves.toEqual(['5']);
  expect(specs[0]).toMatchObject({ withoutEnv: ['HF_TOKEN'] });
  expect(specs[0]?.argv).toContain('--me');
});

it('reads the order and the addresses of nodes', async () => {
  const said = 'NodeName=n1 Arch=x86_64 NodeAddr=10.0.0.1 State=IDLE\nNodeName=n10 NodeAddr=10.0.0.10\n';
  const executor: Executor = {
    ...createLocalExecutor(),
    run: ({ argv }) => {
      const stdout = argv.includes('hostnames') ? 'n10\nn1\n' : said;
      return Promise.resolve({ exit: { code: 0, signal: undefined }, stdout, stderr: '' });
    },
  };
  await expect(createController(executor, []).nodesOf('n[1,10]')).resolves.toEqual([
    { name: 'n10', address: '10.0.0.10' },
    { name: 'n1', address: '10.0.0.1' },
  ]);
});

it('keeps secrets, and what Slurm says of a job around Sweepline, from Slurm’s commands', () => {
  const env = {
    ...{ PATH: '/bin', HF_TOKEN: 'hf_0123456789', SLURM_JOB_ID: '3', SBATCH_PARTITION: 'x' },
    SLURM_CONF: '/etc/slurm.conf',
  };
  expect(callerEnvironment(env)).toEqual({
    open: { PATH: '/bin', SLURM_CONF: '/etc/slurm.conf' },
    secret: { HF_TOKEN: 'hf_0123456789' },
    withheld: ['SLURM_JOB_ID', 'SBATCH_PARTITION', 'HF_TOKEN'],
  });
});
