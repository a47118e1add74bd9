import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTestWorkspace, type TestWorkspace } from '@sweepline/core/testing';

const STORE = fileURLToPath(new URL('..', import.meta.url));
/** A framework whose server is a fake one. */
const ACME = fileURLToPath(new URL('../../core/test/fixtures/acme-plugin', import.meta.url));

/** Limits of the client with which no busy machine makes a result invalid. */
const BUSY_MACHINE =
  '{ lag-floor-ms: 10000, mean-lag-floor-ms: 10000, cpu-share: 1, late-timer-share: 1, frozen-share: 1, ' +
  'throttled-share: 1, server-lost-share: 1, major-faults-per-s: 100000 }';

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

/** A workspace that has swept one point. */
export async function measure(): Promise<Measured> {
  const workspace = await makeTestWorkspace({
    packages: { '@sweepline/store': STORE },
    files: {
      'configs/sweepline.yaml': `plugins: ['@acme/sweepline-plugin', '@sweepline/store']\ndefault-configs: [configs/acme.yaml]\nclient: { limits: ${BUSY_MACHINE} }\n`,
      'configs/acme.yaml': ENTRY,
      'package.json': '{}',
    },
  });
  const { root } = workspace;
  await cp(ACME, join(root, 'node_modules', '@acme', 'sweepline-plugin'), { recursive: true });
  const { exitCode, stderr } = await workspace.cli(['sweep']);
  if (exitCode !== 0) throw new Error(stderr);
  const [name = ''] = await readdir(join(root, 'results'));
  const run = join(root, 'results', name);
  const [point = ''] = await readdir(join(run, 'points'));
  return {
    ...{ workspace, run, point: join(run, 'points', point) },
    [Symbol.asyncDispose]: () => workspace[Symbol.asyncDispose](),
  };
}
