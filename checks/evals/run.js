// @ts-check
/**
 * Whether tasks give the same prompts, found answers and scores as lm-eval itself: `node checks/evals/run.js [--count N] [TASK.yaml]…`.
 * lm-eval is installed into a folder of its own; without Python or network the check is skipped with the reason.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import {
  meanAndError,
  questionsOf,
  readDocuments,
  readTask,
  scorerOf,
} from '../../packages/evals/dist/tasks.js';
import { CACHE, pipInstall, Unavailable, venvPython } from '../python.js';

/** The release nearest to the commit that InferenceX installs. */
const LM_EVAL = 'lm-eval==0.4.9.2';
const SEED = 1234;
const HERE = fileURLToPath(new URL('.', import.meta.url));

const { values, positionals } = parseArgs({
  options: { count: { type: 'string', default: '500' }, python: { type: 'string' } },
  allowPositionals: true,
});
const count = Number(values.count);
const tasks =
  positionals.length > 0
    ? positionals
    : ['sums', 'letters'].map((name) => join(HERE, 'tasks', `${name}.yaml`));

/** A generator of its own, so that a failure can be seen again. */
let state = 20261202;
/** @param {number} below */
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
/** @template T @param {readonly T[]} from @returns {T} */
const pick = (from) => /** @type {T} */ (from[random(from.length)]);
const PIECES = [
  ...[
    '#### ',
    '####',
    '-',
    '$',
    ',',
    '.',
    '1',
    '42',
    '1,234',
    '3.',
    '٣',
    '½',
    '\n',
    ' ',
    '\u2028',
    '\x1c',
    '\x85',
    '\ufeff',
    '\0',
  ],
  ...[
    'A',
    'b',
    '(C)',
    'D.',
    'é',
    'İ',
    'ſ',
    'K',
    '_',
    'Answer: ',
    'the ',
    '😀',
    '\r',
    '\u00a0',
    '中',
    'a.b',
    '[invalid]',
  ],
];
const text = () => Array.from({ length: random(14) }, () => pick(PIECES)).join('');

/** @param {number} i */
const doc = (i) => ({
  id: i,
  question: `What is ${i} + ${random(50)}?${pick(['', ' ', '\n', ' {{x}}'])}`,
  answer: pick([
    `so\n#### ${random(99)} `,
    String(random(99)),
    'A',
    'b',
    `#### ${random(5000).toLocaleString('en')}`,
  ]),
  ...{ A: text(), B: 'é', C: 'c', D: text(), Question: `Q ${i}` },
});

/** @param {string} python @param {string} folder @param {string} file */
async function check(python, folder, file) {
  const docs = {
    test: Array.from({ length: count }, (_, i) => doc(i)),
    train: Array.from({ length: 40 }, (_, i) => doc(i + count)),
  };
  /** @type {Record<string, string>} */
  const data = {};
  for (const [split, list] of Object.entries(docs)) {
    data[split] = join(folder, `${split}.jsonl`);
    await writeFile(data[split], list.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  const task = await readTask(file);
  const numFewshot = task.num_fewshot ?? 0;
  const { questions, examples } = await readDocuments(task, { file, data, numFewshot });
  const own = [...questionsOf(task, questions, examples, { numFewshot, seed: SEED })];
  const answers = own.map(({ target }) =>
    pick([text(), text(), `${text()}#### ${target}`, `${target}${text()}`, target]),
  );
  const input = JSON.stringify({ task: resolve(file), data, num_fewshot: numFewshot, seed: SEED, answers });
  const { stdout, stderr, status } = spawnSync(python, [join(HERE, 'lm_eval_scores.py')], {
    ...{ input, encoding: 'utf8', maxBuffer: 2 ** 30 },
    env: { ...process.env, HF_HOME: join(folder, 'hf'), HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1' },
  });
  if (status !== 0) throw new Error(`lm-eval failed:\n${stderr}`);
  const theirs = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{"prompts"') + 1));
  const differences = [];
  for (const [i, { messages }] of own.entries())
    if (!isDeepStrictEqual(messages, theirs.prompts[i]))
      differences.push({ prompt: i, own: messages, theirs: theirs.prompts[i] });
  const score = scorerOf(task);
  const scored = own.map(({ target }, i) => score(/** @type {string} */ (answers[i]), target));
  for (const [at, filter] of Object.keys(theirs.filters).entries()) {
    const { found, scores, mean, stderr: error } = theirs.filters[filter];
    for (const [i, all] of scored.entries()) {
      const one = all[at];
      if (one?.filter !== filter || one.answer !== found[i] || one.score !== scores[i])
        differences.push({
          answer: answers[i],
          target: own[i]?.target,
          own: one,
          theirs: { answer: found[i], score: scores[i] },
        });
    }
    const ours = meanAndError(scored.map((all) => all[at]?.score ?? NaN));
    if (ours.mean !== mean || Math.abs((ours.stderr ?? NaN) - error) > 1e-15)
      differences.push({ filter, ours, mean, error });
    console.log(`${task.task} ${filter}: ${ours.mean} ± ${ours.stderr}, lm-eval ${mean} ± ${error}`);
  }
  for (const difference of differences.slice(0, 5)) console.log(JSON.stringify(difference));
  console.log(`${task.task}: ${own.length} prompts and answers, ${differences.length} differences`);
  return differences.length;
}

const folder = await mkdtemp(join(tmpdir(), 'sweepline-evals-'));
try {
  let { python } = values;
  if (python === undefined) {
    python = venvPython(join(CACHE, 'lm-eval'), ['3.12', '3.11', '3.10']);
    pipInstall(python, [LM_EVAL]);
  }
  for (const file of tasks) if ((await check(python, folder, file)) > 0) process.exitCode = 1;
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
} finally {
  await rm(folder, { recursive: true });
}
