import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTestWorkspace, type TestWorkspace } from '../src/testing/workspace.js';

export type { TestWorkspace };

const ACME = fileURLToPath(new URL('fixtures/acme-plugin', import.meta.url));

export const SWEEPLINE_YAML = `plugins: ['@acme/sweepline-plugin']
default-configs: [configs/acme.yaml]
`;

/** Limits of the client with which no busy machine makes a result invalid. */
export const BUSY_MACHINE =
  '{ lag-floor-ms: 10000, mean-lag-floor-ms: 10000, cpu-share: 1, late-timer-share: 1, frozen-share: 1, ' +
  'throttled-share: 1, server-lost-share: 1, major-faults-per-s: 100000 }';

/** A workspace with the acme plugin installed, which resolves what it imports from there. */
export async function makeWorkspace(files: Readonly<Record<string, string>> = {}): Promise<TestWorkspace> {
  const workspace = await makeTestWorkspace({
    files: { 'configs/sweepline.yaml': SWEEPLINE_YAML, ...files },
  });
  await cp(ACME, join(workspace.root, 'node_modules', '@acme', 'sweepline-plugin'), { recursive: true });
  return workspace;
}

/** A config entry for the acme framework. */
export function acmeEntry(
  key: string,
  { conc = [2], options = {} }: { conc?: readonly number[]; options?: object } = {},
) {
  return `${key}:
  image: host
  model: fake-model
  model-prefix: ${key}
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 5, search-space: [{ tp: 1, conc-list: [${conc.join(', ')}] }] }
  options: ${JSON.stringify(options)}
`;
}
