import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
/** On one node and several; those of Dynamo are run by another program. */
const CONFIGS = [
  'nvidia/gptoss-b200-vllm',
  'nvidia/gptoss-h200-trt',
  'nvidia/dsr1-b200-sglang',
  'amd/dsr1-mi355x-atom',
  'amd/dsr1-mi355x-sglang-disagg',
];

interface Rehearsed {
  readonly name: string;
  readonly rehearsals: readonly { readonly verdict: { readonly kind: string; readonly said?: string } }[];
}

it.skipIf(process.platform !== 'linux')(
  'a point of each shape of shipped configs goes through all but its engines',
  { timeout: 240_000 },
  async () => {
    const configs = CONFIGS.map((name) => `configs/${name}.yaml`);
    const args = ['rehearse', ...configs, '--seq-lens', '1k1k', '--precision', 'fp4', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...args], { cwd: ROOT });
    const rehearsed = JSON.parse(stdout) as readonly Rehearsed[];
    expect(rehearsed.length).toBeGreaterThanOrEqual(10);
    const verdicts = rehearsed.flatMap(({ name, rehearsals }) =>
      rehearsals.map(({ verdict: { kind, said } }) => `${name}: ${kind} ${said ?? ''}`),
    );
    expect(verdicts).toEqual(rehearsed.map(({ name }) => `${name}: passed `));
    const frameworks = ['vllm', 'trt', 'sglang', 'atom', 'sglang-disagg'];
    const missing = frameworks.filter(
      (framework) => !rehearsed.some(({ name }) => name.includes(`_${framework}_`)),
    );
    expect(missing).toEqual([]);
  },
);
