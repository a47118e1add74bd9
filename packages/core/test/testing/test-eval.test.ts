import { describe, expect, it } from 'vitest';
import type { EvalPlugin } from '../../src/index.js';
import { EVAL_CHECKS } from '../../src/testing/eval-checks.js';
import { testEval } from '../../src/testing/index.js';

const ASK = `
import { writeFile } from 'node:fs/promises';
const body = JSON.stringify({ model: 'fake-model', messages: [{ role: 'user', content: '1 + 1' }], max_tokens: 2 });
const headers = { 'content-type': 'application/json' };
try {
  const answer = await fetch(process.argv[2] + '/v1/chat/completions', { method: 'POST', body, headers });
  await writeFile('scores.json', JSON.stringify({ right: (await answer.text()).includes('2') }));
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
`;

const sound: EvalPlugin = {
  kind: 'eval',
  name: 'one-question',
  apiVersion: 2,
  plan: () => ({
    runtime: 'node',
    argv: ['ask.mjs', [{ ref: 'endpoint' }]],
    files: { 'ask.mjs': { text: ASK } },
    results: ['scores.json'],
    timeoutS: 60,
  }),
  scores: (files) => ({
    scores: [
      {
        metric: 'exact_match',
        filter: 'none',
        value: (JSON.parse(files.get('scores.json') ?? '') as { readonly right: boolean }).right ? 1 : 0,
      },
    ],
    samples: 1,
    fewshot: 0,
    tool: { name: 'one-question', version: '1' },
  }),
};

describe('the contract of a sound eval', () => {
  testEval(sound, { describe, it, options: [{}] });
});

describe('the contract of evals finds one that', () => {
  const silent = 'process.exitCode = 0;';
  it.each<[string, Partial<EvalPlugin>, RegExp]>([
    [
      'leaves its folder',
      { plan: () => ({ ...planned(), results: ['../scores.json'] }) },
      /path in the eval's folder/,
    ],
    ['keeps nothing', { plan: () => ({ ...planned(), results: [] }) }, /results/],
    ['plans two things', { plan: () => ({ ...planned(), timeoutS: (plannedTimes += 1) }) }, /two things/],
    [
      'names files that are not there',
      { plan: () => ({ ...planned(), files: { x: { source: '/no/such' } } }) },
      /not there/,
    ],
    ['scores nothing', { scores: () => ({ ...scored(), samples: 0 }) }, /samples/],
    [
      'scores above 1',
      { scores: () => ({ ...scored(), scores: [{ metric: 'm', filter: 'none', value: 50 }] }) },
      /value/,
    ],
    ['scores without files', { scores: scored }, /without a file/],
    [
      'asks nobody',
      { plan: () => ({ ...planned(), files: { 'ask.mjs': { text: silent } } }), scores: scored },
      /without a file|asked nothing/,
    ],
    [
      'ends well where nobody answers',
      { plan: () => ({ ...planned(), files: { 'ask.mjs': { text: silent } } }) },
      /ended well/,
    ],
  ])('%s', async (_, faulty, message) => {
    const context = {
      job: {} as never,
      concurrency: 1,
      model: 'fake-model',
      task: 'a',
      options: {},
      root: '/',
    };
    const subject = { plugin: { ...sound, ...faulty }, context };
    const failures: string[] = [];
    for (const check of EVAL_CHECKS) {
      try {
        await check.run(subject);
      } catch (thrown) {
        failures.push(String(thrown));
      }
    }
    expect(failures.join('\n')).toMatch(message);
  });
});

let plannedTimes = 0;

function planned() {
  return {
    ...{ runtime: 'node' as const, argv: ['ask.mjs', [{ ref: 'endpoint' as const }]] },
    ...{ files: { 'ask.mjs': { text: ASK } }, results: ['scores.json'], timeoutS: 60 },
  };
}

function scored() {
  return {
    scores: [{ metric: 'exact_match', filter: 'none', value: 1 }],
    ...{ samples: 1, fewshot: 0, tool: { name: 'a', version: '1' } },
  };
}
