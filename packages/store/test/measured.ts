import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTestWorkspace, type TestWorkspace } from '@sweepline/core/testing';

const STORE = fileURLToPath(new URL('..', import.meta.url));
/** A framework whose server is a fake one. */
const ACME = fileURLToPath(new URL('../../core/test/fixtures/acme-plugin', import.meta.url));

/** Limits of the client with which no busy machine makes a result invalid, by their names in load specs. */
export const BUSY_MACHINE = {
  ...{ lagFloorMs: 10000, meanLagFloorMs: 10000, cpuShare: 1, lateTimerShare: 1, frozenShare: 1 },
  ...{ throttledShare: 1, serverLostShare: 1, majorFaultsPerS: 100_000 },
};

/** The same by their names in configs. */
const IN_CONFIG = Object.fromEntries(
  Object.entries(BUSY_MACHINE).map(([name, limit]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    limit,
  ]),
);

const ENTRY = `acme-model:
  image: host
  model: fake-model
  model-prefix: acme
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 5, search-space: [{ tp: 1, conc-list: [2] }] }
`;

export interface Measured extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  /** Folder of the run, and of its only point. */
  readonly run: string;
  readonly point: string;
}

/** Sweeps of one point until its result is valid: a machine that stands still lets all its tokens arrive at once. */
const ATTEMPTS = 3;

async function sweep(workspace: TestWorkspace): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { exitCode, stderr } = await workspace.cli(['sweep']);
    if (exitCode === 0) return;
    if (attempt === ATTEMPTS) throw new Error(stderr);
    await rm(join(workspace.root, 'results'), { recursive: true });
  }
}

/** A workspace that has swept one point. */
export async function measure(): Promise<Measured> {
  const workspace = await makeTestWorkspace({
    packages: { '@sweepline/store': STORE },
    files: {
      'configs/sweepline.yaml': `plugins: ['@acme/sweepline-plugin', '@sweepline/store']\ndefault-configs: [configs/acme.yaml]\nclient: { limits: ${JSON.stringify(IN_CONFIG)} }\n`,
      'configs/acme.yaml': ENTRY,
      'package.json': '{}',
    },
  });
  const { root } = workspace;
  await cp(ACME, join(root, 'node_modules', '@acme', 'sweepline-plugin'), { recursive: true });
  await sweep(workspace);
  const [name = ''] = await readdir(join(root, 'results'));
  const run = join(root, 'results', name);
  const [point = ''] = await readdir(join(run, 'points'));
  return {
    ...{ workspace, run, point: join(run, 'points', point) },
    [Symbol.asyncDispose]: () => workspace[Symbol.asyncDispose](),
  };
}
