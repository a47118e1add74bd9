import { describe, expect, it } from 'vitest';
import { launchCommands, portOf } from '../../src/plan/launch-commands/index.js';
import type { PlannedPoint } from '../../src/plan/plan.js';
import type { Cluster } from '../../src/index.js';
import { CLUSTERS, launch, NO_SETTINGS, role, SERVE } from './launching.js';

const JOB = { image: 'nvcr.io#nvidia/engine:1.0', model: 'org/m', framework: 'vllm', tp: 2 };
const CACHE = '/mnt/hf_hub_cache/';
const DOWNLOAD = { argv: ['hf', 'download', 'org/m'] };
const PATCH = { argv: ['sed', '-i', '1d', '/opt/engine/file.py'] };

const lines = (given: Parameters<typeof launch>[0]) => launch(given).map(({ argv }) => argv.join(' '));
const cluster = (name: string): Cluster => CLUSTERS.find((candidate) => candidate.name === name)!;
const SQUASH = '/raid/squash/nvcr.io_nvidia_engine_1.0.sqsh';

describe('a docker cluster', () => {
  const settings = { ...NO_SETTINGS, docker: ['--gpus=all'], env: { DEVICES: 'all' } };

  it('runs the plan in one container, with no more than it needs', () => {
    expect(launch({ job: JOB, node: 'h100-cr_0', settings })).toEqual([
      {
        argv: [
          ...['docker', 'run', '--rm', '--init', '--network=host', '--name=sweepline-server', '--gpus=all'],
          ...['-v', `/home/ubuntu/hf_hub_cache/:${CACHE}`, '-v', '/work/ws:/workspace/', '-w', '/workspace/'],
          ...['-e', 'HF_TOKEN', '-e', `HF_HUB_CACHE=${CACHE}`, '-e', 'PYTHONPYCACHEPREFIX=/tmp/pycache/'],
          ...['-e', 'TORCH_CUDA_ARCH_LIST=9.0', '-e', 'CUDA_DEVICE_ORDER=PCI_BUS_ID'],
          ...['-e', 'DEVICES=all', '-e', 'ENGINE_SETTING=a,b'],
          ...['--entrypoint=', 'nvcr.io/nvidia/engine:1.0', ...SERVE],
        ],
        env: {},
      },
    ]);
  });

  it('ends with the server and its exit code; the original cleans up after that', () => {
    expect(lines({ job: JOB, node: 'b200-dgxc_1' }).at(-1)).toMatch(/^docker run .* serve --model m$/);
    expect(lines({ job: JOB, node: 'b200-dgxc_1', strict: true }).slice(-2)).toEqual([
      'nvidia-smi --query-compute-apps=pid --format=csv,noheader',
      'nvidia-smi',
    ]);
  });

  it('takes images without the # of other tools, which only one of the original’s launchers replaces', () => {
    const image = (node: string) => lines({ job: JOB, node, strict: true }).join('\n');

    expect(image('b200-dgxc_1')).toContain(' nvcr.io/nvidia/engine:1.0 ');
    expect(image('h100-cr_0')).toContain(' nvcr.io#nvidia/engine:1.0 ');
  });

  it('prepares in containers of its own', () => {
    const roles = [role(JOB.image, { setup: [DOWNLOAD] })];
    const all = lines({ job: JOB, node: 'mi300x-amd_0', roles });

    expect(all.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'sudo sh',
      'docker run',
      'docker run',
    ]);
    expect(all[1]).toMatch(/--name=sweepline-prepare .* hf download org\/m$/);
    expect(all[1]).toContain(`-v /shareddata/hf_hub_cache_{hostname}/:${CACHE}`);
  });

  it('refuses plans of several nodes', () => {
    const roles = [role(JOB.image, { replicas: 2, place: { ...role('').place, devicesPerRank: 8 } })];
    expect(() => launch({ job: JOB, node: 'h100-cr_0', roles })).toThrow(
      'the launcher docker reaches one node, and the plan needs 2',
    );
  });
});

describe('a Slurm cluster', () => {
  it('allocates, makes the squash file, runs the plan, and gives the node back however that went', () => {
    const commands = launch({ job: JOB, node: 'b200-nv_1', settings: { ...NO_SETTINGS, pyxis: ['--x'] } });

    expect(commands.map(({ argv }) => argv.join(' '))).toEqual([
      'salloc --partition=dgx-b200 --gres=gpu:2 --exclusive --time=180 --no-shell --job-name=b200-nv_1',
      'squeue --me --name=b200-nv_1 -h -o %A',
      expect.stringMatching(
        /^srun --jobid=\{job-id\} sh -c unsquashfs -l "\$1" .* import \/raid\/squash\/nvcr\.io_nvidia_engine_1\.0\.sqsh nvcr\.io#nvidia\/engine:1\.0$/,
      ),
      `srun --jobid={job-id} --container-image=${SQUASH} ` +
        `--container-mounts=/work/ws:/workspace/,/raid/hf_hub_cache/:${CACHE} --no-container-mount-home ` +
        '--container-remap-root --container-writable --container-workdir=/workspace/ --no-container-entrypoint ' +
        '--container-env=HF_HUB_CACHE,ENGINE_SETTING --x --export=ALL serve --model m',
      'scancel {job-id}',
    ]);
    expect(commands[3]?.env).toEqual({ HF_HUB_CACHE: CACHE, ENGINE_SETTING: 'a,b' });
    expect(commands.map(({ always }) => always)).toEqual([undefined, undefined, undefined, undefined, true]);
  });

  it('runs what prepares in the server’s own container when it may change that', () => {
    const named = (setup: (typeof DOWNLOAD)[]) =>
      lines({ job: JOB, node: 'h200-nv_0', roles: [role(JOB.image, { setup })] }).filter((line) =>
        line.includes('--container-name=sweepline-{job-id}'),
      );

    expect(named([DOWNLOAD])).toEqual([]);
    expect(named([DOWNLOAD, PATCH])).toHaveLength(3);
  });

  it('makes folders of a job, and removes them', () => {
    const all = lines({ job: JOB, node: 'h100-cw_0' });

    expect(all).toContain('mkdir /mnt/vast/shm-{job-id}');
    expect(all.join('\n')).toContain(',/mnt/vast/shm-{job-id}:/dev/shm/sagemaker_sessions ');
    expect(all.slice(-2)).toEqual(['rmdir /mnt/vast/shm-{job-id}', 'scancel {job-id}']);
  });

  it('lets pyxis get an image where the config says so, and makes a squash file anew where it says that', () => {
    const gptoss = { ...JOB, model: 'openai/gpt-oss-120b', framework: 'trt' };
    const direct = '--container-image=nvcr.io#nvidia/engine:1.0';

    expect(lines({ job: gptoss, node: 'h200-nb_0' }).join('\n')).toContain(direct);
    expect(lines({ job: gptoss, node: 'h200-nv_0' }).join('\n')).not.toContain(direct);
    expect(lines({ job: JOB, node: 'b200-nb_0' }).join('\n')).not.toMatch(/enroot import|unsquashfs/);
    const byHand = lines({ job: JOB, node: 'h200-dgxc-slurm_0' }).join('\n');
    expect(byHand).toContain('--container-image=/data/containers/nvcr.io+nvidia+engine+1.0.sqsh');
    expect(byHand).not.toMatch(/enroot import|unsquashfs/);
    expect(lines({ job: { ...JOB, framework: 'atom' }, node: 'mi355x-amds_0' })[2]).toBe(
      'srun --jobid={job-id} rm -f /var/lib/squash/nvcr.io_nvidia_engine_1.0.sqsh',
    );
  });

  it('puts processes of several nodes where the plan has them, beside each other', () => {
    const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 8, wireUp: 'none' } as const;
    const roles = [
      role(JOB.image, { name: 'prefill', place }),
      role(JOB.image, { place: { ...place, nodes: 2, wireUp: 'pmix' } }),
    ];
    const commands = launch({ job: JOB, node: 'gb200-nv_0', roles }).filter(({ argv }) =>
      argv.includes('serve'),
    );

    expect(launch({ job: JOB, node: 'gb200-nv_0', roles })[0]?.argv).toEqual(
      expect.arrayContaining(['--nodes=3', '--gres=gpu:8']),
    );
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

describe('commands of all clusters', () => {
  it('tell no secret, and leave nothing open that is known', () => {
    for (const { name } of CLUSTERS) {
      for (const strict of [false, true]) {
        const commands = launch({ job: JOB, node: `${name}_0`, strict });
        const words = commands.flatMap(({ argv }) => argv);
        const open = words.join(' ').match(/\{[a-z-]+\}/g) ?? [];

        expect(
          words.filter((word) => /(?:TOKEN|KEY|SECRET|PASSWORD)\w*=/.test(word)),
          name,
        ).toEqual([]);
        expect(
          open.filter((slot) => !['{job-id}', '{hostname}', '{uid}'].includes(slot)),
          name,
        ).toEqual([]);
      }
    }
  });

  it('are the plan’s own for programs that get nodes by themselves', () => {
    const submit = { argv: ['srtctl', 'apply'], env: { ISL: '1' }, cwd: 'there' };
    const setup = [{ argv: ['git', 'clone'], env: {} }];
    const commands = launch({
      job: JOB,
      node: 'gb200-nv_0',
      plan: { kind: 'delegate', setup, submit, collect: '*.json' },
    });

    expect(commands).toEqual([...setup, submit]);
  });

  it('are none for jobs that are rejected', () => {
    const rejected = { state: 'rejected' } as unknown as PlannedPoint;
    expect(launchCommands(rejected, { job: {} as never, rejected: { reason: 'no' } }, 'h100-cr_0')).toEqual(
      [],
    );
  });
});

describe('the port of servers', () => {
  it('follows from the user, from the node, or from nothing', () => {
    const port = (name: string, node: string, user: string) => portOf(cluster(name), { node, user });

    expect(port('h200-cw', 'h200-cw_1', 'runner3')).toBe(8891);
    expect(port('h200-cw', 'h200-cw_1', 'runnerx')).toBe(8888);
    expect(port('h200-cw', 'h200-cw_1', '{user}')).toBe(8888);
    expect(port('mi355x-amds', 'mi355x-amds_7', 'runner3')).toBe(8895);
    expect(port('h200-nv', 'h200-nv_1', 'runner3')).toBe(8888);
  });
});
