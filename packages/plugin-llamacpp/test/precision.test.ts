import { fileURLToPath } from 'node:url';
import { makeTestWorkspace } from '@sweepline/core/testing';
import { expect, it } from 'vitest';

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const CONFIG = `tiny:
  image: host
  model: synthetic:17m
  model-prefix: synthetic-17m
  runner: cpu
  precision: PRECISION
  framework: llamacpp
  multinode: false
  seq-len-configs:
    - { isl: 32, osl: 64, search-space: [{ tp: 1, conc-list: [1] }] }
`;

it.each(['bananas', 'int3'])(
  '%s is no precision of the weights: validate, plan and sweep say so',
  async (precision) => {
    await using workspace = await makeTestWorkspace({
      packages: {
        '@sweepline/plugin-llamacpp': packageFolder('plugin-llamacpp'),
        '@sweepline/hw-cpu': packageFolder('hw-cpu'),
      },
      files: { 'configs/tiny.yaml': CONFIG.replace('PRECISION', precision) },
    });
    const reason = `the weights of synthetic:17m are int4 (Q4_0), and not ${precision}`;

    const validated = await workspace.cli(['validate', 'configs/tiny.yaml']);
    const planned = await workspace.cli(['plan', 'configs/tiny.yaml', '--json']);
    const swept = await workspace.cli(['sweep', 'configs/tiny.yaml']);

    expect(validated.exitCode).toBe(3);
    expect(validated.stdout).toContain(`JOB_REJECTED: llamacpp: ${reason}`);
    expect(JSON.parse(planned.stdout)).toMatchObject([
      { rejected: { reason: expect.stringContaining(reason) as string, nearest: { precision: 'int4' } } },
    ]);
    expect(swept.exitCode).toBe(1);
    expect(await workspace.results()).toMatchObject([{ state: 'rejected', error: { code: 'JOB_REJECTED' } }]);
  },
);
