import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeTestWorkspace } from '@sweepline/core/testing';
import { expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** A server of any hardware, by a plugin of the workspace. */
const TOY = `export default [{
  kind: 'framework', name: 'toy', apiVersion: 2, frameworks: ['toy'],
  plan: ({ job }) => ({
    kind: 'serve',
    roles: [{
      name: 'server', replicas: 1, runtime: { kind: 'host' }, env: {}, files: {},
      argv: [process.execPath, '-e', 'throw new Error("it was started")', [{ ref: 'port', role: 'server' }]],
      ports: [{ name: 'http' }],
      place: { nodes: 1, ranksPerNode: 1, devicesPerRank: job.tp, wireUp: 'none' },
    }],
    endpoint: { ref: 'port', role: 'server' },
    ready: [{ role: 'server', when: { http: '/health' }, timeoutS: 30 }],
    client: {
      api: 'completions', model: job.model, numPrompts: 10, numWarmups: 2, rangeRatio: 0.8, ignoreEos: true,
      chatTemplate: false, promptForm: 'auto',
    },
  }),
}];
`;

const CONFIG = `toy:
  image: host
  model: toy
  model-prefix: toy
  runner: h100
  precision: fp8
  framework: toy
  multinode: false
  seq-len-configs:
    - { isl: 128, osl: 32, search-space: [{ tp: 1, conc-list: [1] }, { tp: 2, conc-list: [2] }] }
`;

it.skipIf(existsSync('/proc/driver/nvidia'))(
  'a machine without GPUs has no h100: nothing is measured under its name',
  async () => {
    await using workspace = await makeTestWorkspace({
      packages: { '@sweepline/hw-nvidia': FOLDER },
      files: {
        'configs/sweepline.yaml': "plugins: ['@sweepline/hw-nvidia', '../toy.js']\n",
        'configs/h100.yaml': CONFIG,
        'toy.js': TOY,
        'package.json': '{ "type": "module" }',
      },
    });

    const { exitCode, stdout } = await workspace.cli(['sweep', 'configs/h100.yaml']);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /SKU_MISMATCH: node .* has no h100; hardware plugin nvidia found none of its devices there/,
    );
    const mismatch = { state: 'failed', error: { code: 'SKU_MISMATCH' } };
    expect(await workspace.results()).toMatchObject([mismatch, mismatch]);
  },
);
