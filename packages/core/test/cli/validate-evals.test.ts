import { expect, it } from 'vitest';
import { makeWorkspace } from '../workspace.js';

it.each([
  ['tasks: { sums: { plugin: acme-questions, options: { score: 0.5 } } }', 'no problems'],
  ['tasks: { sums: { plugin: acme-questions, options: { score: high } } }', 'OPTIONS_INVALID'],
  ['tasks: { sums: { plugin: acme-question } }', 'EVAL_UNKNOWN'],
  ['tasks: { ../sums: { plugin: acme-questions } }', 'expected a name'],
  ['tasks: { sums: { plugin: acme-questions, floors: [{ model: dsr1, floor: 1 }] } }', 'model'],
])('validate says what is wrong with the evals %j', async (evals, words) => {
  await using workspace = await makeWorkspace({ 'configs/evals.yaml': evals });

  const { stdout, stderr } = await workspace.cli(['validate', 'configs/evals.yaml']);

  expect(stdout + stderr).toContain(words);
});
