import { join } from 'node:path';
import type { ContainerSettings, Role } from '@sweepline/core';
import { createLaunchTester, samplePlan, sampleRole } from '@sweepline/core/testing';
import { describe, expect, it } from 'vitest';
import plugins from '../src/index.js';

const TESTER = await createLaunchTester(plugins, join(import.meta.dirname, '../../..'));
const JOB = { image: 'nvcr.io#nvidia/engine:1.0', model: 'org/m', framework: 'vllm', tp: 2 };
const CACHE = '/mnt/hf_hub_cache/';
const SQUASH = '/raid/squash/nvcr.io_nvidia_engine_1.0.sqsh';
const DOWNLOAD = { argv: ['hf', 'download', 'org/m'] };
const PATCH = { argv: ['sed', '-i', '1d', '/opt/engine/file.py'] };

interface Given {
  readonly node: string;
  readonly job?: object;
  readonly strict?: boolean;
  readonly roles?: readonly Role[];
  readonly settings?: ContainerSettings;
}

const launch = ({ roles = [sampleRole(JOB.image)], job = JOB, ...given }: Given) =>
  TESTER.commands({ job: { ...job }, plan: samplePlan(roles), ...given });
const lines = (given: Given) => launch(given).map(({ argv }) => argv.join(' '));

describe('a Slurm cluster', () => {
  it('allocates, makes the squash file, runs the plan, and gives the node back however that went', () => {
    const settings = { docker: [], pyxis: ['--x'], env: {} };
    const commands = launch({ node: 'b200-nv_1', settings });

    expect(commands.map(({ argv }) => argv.join(' '))).toEqual([
      'sbatch --parsable --job-name=sweepline-{token} --comment=sweepline:{token} --partition=dgx-b200 --gres=gpu:2 ' +
        '--exclusive --time=180 --no-requeue --export=NONE --chdir=/ --output=/dev/null --wrap=exec sleep infinity',
      expect.stringMatching(/^sh -c while .*squeue -h -j "\$1" .* wait \{job-id\}$/),
      expect.stringMatching(
        /^srun --jobid=\{job-id\} sh -c .*unsquashfs -l "\$1" .* import \/raid\/squash\/nvcr\.io_nvidia_engine_1\.0\.sqsh nvcr\.io#nvidia\/engine:1\.0 $/,
      ),
      `srun --jobid={job-id} --overlap --nodes=1 --ntasks=1 --relative=0 --container-image=${SQUASH} ` +
        `--container-mounts=/work/ws:/workspace/,/raid/hf_hub_cache/:${CACHE} --no-container-mount-home ` +
        '--container-remap-root --container-writable --container-workdir=/workspace/ --no-container-entrypoint ' +
        '--container-env=HF_HUB_CACHE,ENGINE_SETTING --x --export=ALL serve --model m',
      'scancel {job-id}',
    ]);
    expect(commands[3]?.env).toEqual({ HF_HUB_CACHE: CACHE, ENGINE_SETTING: 'a,b' });
    expect(commands.map(({ always }) => always === true)).toEqual([false, false, false, false, true]);
  });

  it('says which command prints the allocation that the others name', () => {
    const printing = (strict: boolean) =>
      launch({ node: 'b200-nv_1', strict }).filter(({ prints }) => prints === 'job-id');
    expect(printing(false).map(({ argv }) => argv[0])).toEqual(['sbatch']);
    expect(printing(true).map(({ argv }) => argv[0])).toEqual(['squeue']);
    expect(launch({ node: 'b200-nb_1', strict: true }).some(({ prints }) => prints !== undefined)).toBe(
      false,
    );
  });

  it('runs what prepares in the server’s own container when it may change that', () => {
    const named = (setup: (typeof DOWNLOAD)[]) =>
      lines({ node: 'h200-nv_0', roles: [sampleRole(JOB.image, { setup })] }).filter((line) =>
        line.includes('--container-name=sweepline-{job-id}'),
      );

    expect(named([DOWNLOAD])).toEqual([]);
    expect(named([DOWNLOAD, PATCH])).toHaveLength(3);
  });

  it('makes folders of a job, and removes them', () => {
    const all = lines({ node: 'h100-cw_0' });

    const onNode = 'srun --jobid={job-id} --overlap --nodes=1 --ntasks-per-node=1';
    expect(all).toContain(`${onNode} mkdir -p /mnt/vast/shm-{job-id}`);
    expect(all.join('\n')).toContain(',/mnt/vast/shm-{job-id}:/dev/shm/sagemaker_sessions ');
    expect(all.slice(-2)).toEqual([`${onNode} rm -rf /mnt/vast/shm-{job-id}`, 'scancel {job-id}']);
  });

  it('lets pyxis get an image where the config says so, and makes a squash file anew where it says that', () => {
    const gptoss = { ...JOB, model: 'openai/gpt-oss-120b', framework: 'trt' };
    const direct = '--container-image=nvcr.io#nvidia/engine:1.0';

    expect(lines({ job: gptoss, node: 'h200-nb_0' }).join('\n')).toContain(direct);
    expect(lines({ job: gptoss, node: 'h200-nv_0' }).join('\n')).not.toContain(direct);
    expect(lines({ node: 'b200-nb_0' }).join('\n')).not.toMatch(/enroot import|unsquashfs/);
    const byHand = lines({ node: 'h200-dgxc-slurm_0' }).join('\n');
    expect(byHand).toContain('--container-image=/data/containers/nvcr.io+nvidia+engine+1.0.sqsh');
    expect(byHand).not.toMatch(/enroot import|unsquashfs/);
    expect(lines({ job: { ...JOB, framework: 'atom' }, node: 'mi355x-amds_0' })[2]).toMatch(
      / import \/var\/lib\/squash\/nvcr\.io_nvidia_engine_1\.0\.sqsh nvcr\.io#nvidia\/engine:1\.0 anew$/,
    );
  });

  it('runs strictly what the original runs', () => {
    const roles = [sampleRole(JOB.image, { setup: [PATCH] })];
    const file = '/mnt/vast/squash/nvcr.io_nvidia_engine_1.0.sqsh';

    expect(lines({ node: 'h100-cw_0', strict: true, roles, job: { ...JOB, tp: 4 } })).toEqual([
      'salloc --partition=h100 --gres=gpu:4 --exclusive --time=180 --no-shell',
      'squeue -u runner0 -h -o %A',
      'mktemp -d /mnt/vast/shm-XXXXXX',
      `srun --jobid={job-id} enroot import -o ${file} docker://nvcr.io#nvidia/engine:1.0`,
      `srun --jobid={job-id} unsquashfs -l ${file}`,
      `srun --jobid={job-id} --container-image=${file} ` +
        `--container-mounts=/work/ws:/workspace/,/mnt/vast/hf_hub_cache/:${CACHE},` +
        '/mnt/vast/shm-XXXXXX:/dev/shm/sagemaker_sessions ' +
        '--container-mount-home --container-workdir=/workspace/ --no-container-entrypoint ' +
        '--export=ALL,PORT=8888 serve --model m',
      'rmdir /mnt/vast/shm-XXXXXX',
      'scancel {job-id}',
    ]);
    expect(launch({ node: 'h100-cw_0', strict: true }).every(({ always }) => always === undefined)).toBe(
      true,
    );
  });

  it('allocates strictly by one srun, or under a name, where the original does', () => {
    const inOne = launch({ node: 'b200-nb_0', strict: true });
    expect(inOne.map(({ argv }) => argv.slice(0, 3).join(' '))).toEqual([
      'find /var/cache/enroot-container-images/{uid} -type',
      'srun --partition=main --gres=gpu:2',
    ]);
    expect(inOne[1]?.argv).toContain('--export=ALL,PORT=8888,UCX_NET_DEVICES=eth0');
    expect(inOne[1]?.env).toEqual({ ENGINE_SETTING: 'a,b' });

    const named = launch({ node: 'mi355x-amds_3', strict: true, job: { ...JOB, framework: 'atom' } });
    expect(named.slice(0, 4).map(({ argv }) => argv.join(' '))).toEqual([
      'salloc --partition=compute --gres=gpu:2 --cpus-per-task=128 --time=180 --no-shell --job-name=mi355x-amds_3',
      'squeue --name=mi355x-amds_3 -h -o %A',
      'srun --jobid={job-id} bash -c docker stop $(docker ps -a -q)',
      'srun --jobid={job-id} rm -f /var/lib/squash/nvcr.io_nvidia_engine_1.0.sqsh',
    ]);
    expect(named.at(-2)?.env).toMatchObject({ PORT: '8891', PORT_OFFSET: '3' });
  });

  it('puts processes of several nodes where the plan has them, at the same time', () => {
    const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 8, wireUp: 'none' } as const;
    const roles = [
      sampleRole(JOB.image, { name: 'prefill', place }),
      sampleRole(JOB.image, { place: { ...place, nodes: 2, wireUp: 'pmix' } }),
    ];
    const all = launch({ node: 'gb200-nv_0', roles });
    const commands = all.filter(({ argv }) => argv.includes('serve'));

    expect(all[0]?.argv).toEqual(expect.arrayContaining(['--nodes=3', '--gres=gpu:8']));
    expect(
      commands.map(({ argv }) =>
        argv.slice(
          2,
          argv.findIndex((a) => a.startsWith('--container')),
        ),
      ),
    ).toEqual([
      ['--overlap', '--nodes=1', '--ntasks=1', '--relative=0'],
      ['--overlap', '--nodes=2', '--ntasks-per-node=1', '--mpi=pmix', '--relative=1'],
    ]);
    expect(commands.map(({ background }) => background)).toEqual([true, undefined]);
  });
});
