import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const FIELDS =
  'image: "engine:1", model: org/model, model-prefix: mod, runner: h200, precision: fp8, framework: vllm';
const FEBRUARY = `
one: { ${FIELDS}, multinode: false, seq-len-configs: [{ isl: 1024, osl: 8192, search-space: [{ tp: 8, conc-start: 4, conc-end: 16 }] }] }
two: { ${FIELDS}, multinode: false, seq-len-configs: [{ isl: 1024, osl: 1024, search-space: [{ tp: 4, conc-start: 1, conc-end: 300 }] }] }
`;
const AUGUST = `
one: { ${FIELDS}, multinode: false, scenarios: { fixed-seq-len: [{ isl: 8192, osl: 1024, search-space: [{ tp: 8, conc-list: [16] }] }] } }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-matrix-'));
  writeFileSync(join(folder, 'february.yaml'), FEBRUARY);
  writeFileSync(join(folder, 'august.yaml'), AUGUST);
  writeFileSync(join(folder, 'february-runners.yaml'), 'h200: [h200_0, h200_1]\n');
  writeFileSync(join(folder, 'august-runners.yaml'), 'labels: { h200: [h200_0, h200_1] }\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configs = (dialect: 'february' | 'august') =>
  `--config-files ${dialect}.yaml --runner-config ${dialect}-runners.yaml`;
const FULL = `full-sweep ${configs('february')} --single-node`;
const matrix = (line: string) => runCli(['matrix', ...line.split(' ')], folder);

const wrong = async (line: string) => {
  const { exitCode, stdout, stderr } = await matrix(line);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  return stderr;
};

describe('sweepline matrix', () => {
  it('prints one line of JSON, in any folder', async () => {
    const { stdout } = await matrix(`${FULL} --model-prefix one`);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    expect((JSON.parse(stdout) as { conc: number }[]).map(({ conc }) => conc)).toEqual([4, 8, 16]);
  });

  it('prints a job a line as ndjson, and a table', async () => {
    const lines = (await matrix(`${FULL} --format ndjson`)).stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { conc: number }).conc)).toHaveLength(13);
    const table = (await matrix(`${FULL} --model-prefix one --max-conc 4 --run-evals --format table`)).stdout;
    expect(table).toBe(
      'Experiment  Precision  Framework  Runner  Parallelism  Spec  Conc  Eval\n' +
        'mod_1k8k    fp8        vllm       h200    tp8 ep1      none  4     yes\n',
    );
  });

  it('prints a table that fits a narrow terminal and keeps what tells jobs apart', async () => {
    const line = `${FULL} --seq-lens 1k1k --max-conc 2 --format table`.split(' ');
    const { stdout } = await runCli(['matrix', ...line], folder, false, 60);
    expect(stdout).toBe(
      'Precision fp8, Framework vllm, Runner h200, Parallelism tp4\nep1, Spec none\n\n' +
        'Experiment  Conc\nmod_1k1k    1\nmod_1k1k    2\n',
    );
  });

  it('prints a list of matrices for GitHub, none with more jobs than one takes', async () => {
    const keys = Array.from({ length: 60 }, () => 'two').join(' ');
    const { stdout } = await matrix(
      `test-config ${configs('february')} --config-keys ${keys} --format github`,
    );
    const chunks = JSON.parse(stdout) as { include: object[] }[];
    expect(chunks.map(({ include }) => include.length)).toEqual([256, 256, 88]);
    const none = await matrix(`${FULL} --model-prefix x --format github`);
    expect(none.stdout).toBe('[]\n');
  });

  it('explains beside its output', async () => {
    const { stdout, stderr } = await matrix(`${FULL} --model-prefix one --min-conc 5 --run-evals --explain`);
    expect(JSON.parse(stdout)).toHaveLength(3);
    expect(stderr).toContain('one\n  1024/8192 search-space[0]: conc-start 4, conc-end 16');
    expect(stderr).toContain('two\n  left out by --model-prefix one\n');
    expect(stderr).toMatch(/marked for accuracy runs\n.*conc 16\n3 jobs/);
  });

  it.each<readonly [string, string]>([
    ['full-sweep --single-node', '--config-files'],
    [`full-sweep ${configs('february')}`, '--single-node or --multi-node'],
    [`${FULL} --multi-node`, '--single-node or --multi-node'],
    [`${FULL} --no-evals`, '--no-evals'],
    [`${FULL} --scenario-type fixed-seq-len`, '--scenario-type'],
    [`${FULL} --run-evals --evals-only`, '--evals-only'],
    [`${FULL} --seq-lens 4k4k`, '4k4k'],
    ...['1', '0', '-2', 'NaN', '1.0000001'].map(
      (size) => [`${FULL} --step-size ${size}`, '--step-size'] as const,
    ),
    [`${FULL} --max-conc 8.0`, '--max-conc'],
    [`${FULL} --max-conc`, '--max-conc'],
    [`${FULL} --runner-node-filter -a`, '--runner-node-filter'],
    [`${FULL} --runner-type a100`, 'a100'],
    [`${FULL} --precision fp4 --precision fp8`, '--precision'],
    [`${FULL} extra`, 'argument'],
    [`${FULL} --conc 4`, '--conc'],
    [`test-config ${configs('february')}`, '--config-keys'],
    [`test-config ${configs('february')} --config-keys three`, 'three'],
    [`test-config ${configs('february')} --config-keys one --seq-lens 1k8k`, '--seq-lens'],
    [`runner-model-sweep ${configs('february')} --single-node`, '--runner-type'],
    [`full-sweep ${configs('august')} --run-evals`, '--run-evals'],
    [`full-sweep ${configs('august')} --no-evals --all-evals`, '--all-evals'],
    [`full-sweep ${configs('august')} --no-evals --evals-only`, '--evals-only'],
    [`full-sweep ${configs('august')} --seq-lens 1k8k`, '1k8k'],
    [`full-sweep ${configs('august')} --min-conc 9 --max-conc 8`, '--min-conc 9'],
    [`runner-model-sweep ${configs('august')} --runner-type h200 --single-node`, 'runner-model-sweep'],
  ])('refuses %s', async (line, what) => {
    expect(await wrong(line)).toContain(what);
  });

  it('takes the last of a value that is given twice, values behind =, and negative numbers', async () => {
    const concs = async (line: string) =>
      (JSON.parse((await matrix(line)).stdout) as { conc: number }[]).map(({ conc }) => conc);
    expect(await concs(`${FULL} --model-prefix=one --max-conc=4 --max-conc=9`)).toEqual([4, 8, 9]);
    expect(await concs(`${FULL} --min-conc -1`)).toEqual([]);
  });

  it('marks accuracy runs by default in the dialect of August 2026', async () => {
    const marks = async (line: string) =>
      (JSON.parse((await matrix(line)).stdout) as Record<string, unknown>[]).map((job) => [
        job['run-eval'],
        job['eval-only'],
      ]);
    const full = `full-sweep ${configs('august')}`;
    expect(await marks(full)).toEqual([[true, undefined]]);
    expect(await marks(`${full} --no-evals`)).toEqual([[false, undefined]]);
    expect(await marks(`${full} --evals-only`)).toEqual([[true, true]]);
    expect(await marks(FULL)).toContainEqual([false, undefined]);
  });

  it('wants a runner config of the same dialect', async () => {
    const missing = await matrix('full-sweep --config-files august.yaml');
    expect([missing.exitCode, missing.stdout]).toEqual([3, '']);
    const other = await matrix('full-sweep --config-files august.yaml --runner-config february-runners.yaml');
    expect([other.exitCode, other.stdout]).toEqual([3, '']);
    expect(other.stderr).toContain('2026-02');
  });
});
