import { join } from 'node:path';
import type { ContainerSettings, Role } from '@sweepline/core';
import { createLaunchTester, samplePlan, sampleRole } from '@sweepline/core/testing';
import { describe, expect, it } from 'vitest';
import plugins, { dockerOptions } from '../src/index.js';

const TESTER = await createLaunchTester(plugins, join(import.meta.dirname, '../../..'));
const JOB = { image: 'nvcr.io#nvidia/engine:1.0', model: 'org/m', framework: 'vllm', tp: 2 };
const CACHE = '/mnt/hf_hub_cache/';
const DOWNLOAD = { argv: ['hf', 'download', 'org/m'] };

interface Given {
  readonly node: string;
  readonly strict?: boolean;
  readonly roles?: readonly Role[];
  readonly settings?: ContainerSettings;
}

const launch = ({ roles = [sampleRole(JOB.image)], ...given }: Given) =>
  TESTER.commands({ job: JOB, plan: samplePlan(roles), ...given });
const lines = (given: Given) => launch(given).map(({ argv }) => argv.join(' '));

describe('a docker cluster', () => {
  const settings = { docker: ['--gpus=all'], pyxis: [], env: { DEVICES: 'all' } };

  it('runs the plan in one container, with no more than it needs', () => {
    expect(launch({ node: 'h100-cr_0', settings })).toEqual([
      {
        argv: [
          ...['docker', 'run', '--rm', '--init', '--network=host', '--name=sweepline-server', '--gpus=all'],
          `--mount=type=bind,source=/home/ubuntu/hf_hub_cache/,target=${CACHE}`,
          ...['--mount=type=bind,source=/work/ws,target=/work/ws', '-w', '/work/ws'],
          ...['-e', 'HF_TOKEN', '-e', `HF_HUB_CACHE=${CACHE}`, '-e', 'PYTHONPYCACHEPREFIX=/tmp/pycache/'],
          ...['-e', 'TORCH_CUDA_ARCH_LIST=9.0', '-e', 'CUDA_DEVICE_ORDER=PCI_BUS_ID'],
          ...['-e', 'DEVICES=all', '-e', 'ENGINE_SETTING=a,b'],
          ...['--entrypoint=', 'nvcr.io/nvidia/engine:1.0', 'serve', '--model', 'm'],
        ],
        env: {},
      },
    ]);
  });

  it('ends with the server and its exit code; the original cleans up after that', () => {
    expect(lines({ node: 'b200-dgxc_1' }).at(-1)).toMatch(/^docker run .* serve --model m$/);
    expect(lines({ node: 'b200-dgxc_1', strict: true }).slice(-2)).toEqual([
      'nvidia-smi --query-compute-apps=pid --format=csv,noheader',
      'nvidia-smi',
    ]);
  });

  it('cleans up however the rest went, except strictly', () => {
    const options = dockerOptions.parse({ after: [['true']], strict: { after: [['false']] } });
    const marks = (strict: boolean) =>
      plugins[0]!.commands!({
        ...{ node: 'n_0', user: 'u', workspace: '/w', port: 1, strict, options, nodes: 1, devices: 0 },
        ...{ job: JOB as never, deviceSettings: { docker: [], pyxis: [], env: {} } },
        ...{ prepare: [], processes: [] },
      }).map(({ argv, always }) => [argv[0], always]);

    expect(marks(false)).toEqual([['true', true]]);
    expect(marks(true)).toEqual([
      ['true', undefined],
      ['false', undefined],
    ]);
  });

  it('takes images without the # of other tools, which only one of the original’s launchers replaces', () => {
    const image = (node: string) => lines({ node, strict: true }).join('\n');

    expect(image('b200-dgxc_1')).toContain(' nvcr.io/nvidia/engine:1.0 ');
    expect(image('h100-cr_0')).toContain(' nvcr.io#nvidia/engine:1.0 ');
  });

  it('runs strictly what the original runs: one container under its name, with the variables of the job', () => {
    const roles = [sampleRole(JOB.image, { setup: [DOWNLOAD] })];
    const [before, usage, run, ...after] = lines({ node: 'b200-dgxc_1', strict: true, roles });

    expect([before, usage?.split(' ')[0]]).toEqual(['nvidia-smi', 'nvidia-smi']);
    expect(run).toBe(
      'docker run --rm --init --network=host --name=bmk-server ' +
        `-v /raid/hf_hub_cache/:${CACHE} -v /work/ws:/workspace/ -w /workspace/ ` +
        '-e HF_TOKEN -e HF_HUB_CACHE -e MODEL -e TP -e CONC -e MAX_MODEL_LEN -e ISL -e OSL -e EP_SIZE -e DP_ATTENTION ' +
        '-e RESULT_FILENAME -e RANDOM_RANGE_RATIO -e RUN_EVAL -e RUNNER_TYPE -e PYTHONPYCACHEPREFIX=/tmp/pycache/ ' +
        '-e TORCH_CUDA_ARCH_LIST=10.0 -e CUDA_DEVICE_ORDER=PCI_BUS_ID -e NCCL_GRAPH_REGISTER=0 -e PORT=8888 ' +
        '-e CUDA_VISIBLE_DEVICES=0,1,2,3,4,5,6,7 -e ENGINE_SETTING=a,b ' +
        '--entrypoint= nvcr.io/nvidia/engine:1.0 serve --model m',
    );
    expect(after.slice(0, 2)).toEqual(['docker stop -t 90 bmk-server', 'docker wait bmk-server']);
  });

  it('prepares in containers of its own', () => {
    const roles = [sampleRole(JOB.image, { setup: [DOWNLOAD] })];
    const all = lines({ node: 'mi300x-amd_0', roles });

    expect(all.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'sudo sh',
      'docker run',
      'docker run',
    ]);
    expect(all[1]).toMatch(/--name=sweepline-prepare .* hf download org\/m$/);
    expect(all[1]).toContain(`source=/shareddata/hf_hub_cache_{hostname}/,target=${CACHE}`);
  });

  it('mounts folders read-only where that is asked for, whatever is in their names', () => {
    const options = dockerOptions.parse({ mounts: { '/a,b': '/inside:ro' } });
    const [command] = plugins[0]!.commands!({
      ...{ node: 'n_0', user: 'u', workspace: '/w', port: 1, strict: false, options, nodes: 1, devices: 0 },
      ...{ job: JOB as never, deviceSettings: { docker: [], pyxis: [], env: {} }, image: 'i' },
      ...{
        prepare: [],
        processes: [{ role: 'r', node: 0, nodes: 1, ranksPerNode: 1, argv: ['a'], env: {} }],
      },
    });
    expect(command?.argv).toContain('--mount=type=bind,"source=/a,b",target=/inside,readonly');
  });

  it('names secrets on the command line, and has their values in the environment', () => {
    const roles = [sampleRole(JOB.image, { env: { API_KEY: 'sk-0123456789', PORT: '1' } })];
    const [command] = launch({ node: 'h100-cr_0', roles });

    expect(command?.argv.join(' ')).toContain(' -e API_KEY -e PORT=1 ');
    expect(command?.env).toEqual({ API_KEY: 'sk-0123456789' });
  });

  it('prints commands of podman for a cluster with podman', () => {
    const options = dockerOptions.parse({ program: 'podman', 'docker-context': 'other' });
    const [command] = plugins[0]!.commands!({
      ...{ node: 'n_0', user: 'u', workspace: '/w', port: 1, strict: false, options, nodes: 1, devices: 0 },
      ...{ job: JOB as never, deviceSettings: { docker: [], pyxis: [], env: {} }, image: 'i' },
      ...{ prepare: [{ argv: ['a'], env: {} }], processes: [] },
    });
    expect(command?.argv.slice(0, 5)).toEqual(['podman', '--connection', 'other', 'run', '--rm']);
  });

  it('refuses plans of several nodes', () => {
    const { place } = sampleRole('');
    const roles = [sampleRole(JOB.image, { replicas: 2, place: { ...place, devicesPerRank: 8 } })];
    expect(() => launch({ node: 'h100-cr_0', roles })).toThrow(
      'the launcher docker reaches one node, and the plan needs 2',
    );
  });
});
