// @ts-check
/**
 * Whether both eval plugins, lm-eval itself and the runner without Python, send the same requests to a server and score its answers the
 * same: `node checks/evals/both.js [--python PYTHON]`. The server is a fake one with fixed answers; nothing is downloaded but lm-eval.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { questionsOf, readDocuments, readTask } from '../../packages/evals/dist/tasks.js';
import { CACHE, pipInstall, Unavailable, venvPython } from '../python.js';
import { fakeServer } from './fake-server.js';
import { runPlan } from './run-plan.js';

const FIRST = fileURLToPath(new URL('../../packages/evals/tasks/first/first.yaml', import.meta.url));
const LM_EVAL = 'lm-eval[api]==0.4.9.2';
/** Of the time of that release: it imports what later ones don't have, and they don't work with later ones of the others. */
const OTHERS = ['transformers<5', 'datasets<4', 'huggingface_hub<1'];
const { values } = parseArgs({ options: { python: { type: 'string' } } });

/** @param {{ python: string, folder: string }} where @param {{ fewshot?: number, seed: number }} shots */
async function check({ python, folder }, { fewshot, seed }) {
  const task = await readTask(FIRST);
  const numFewshot = fewshot ?? task.num_fewshot ?? 0;
  const { questions, examples } = await readDocuments(task, { file: FIRST, data: {}, numFewshot });
  const asked = [...questionsOf(task, questions, examples, { numFewshot, seed })];
  const targets = new Map(asked.map(({ messages, target }) => [messages.at(-1)?.content ?? '', target]));
  const common = { task: '@sweepline/evals/first', seed, 'max-tokens': 32, temperature: 0, 'top-p': 1 };
  const options = { 'lm-eval': { ...common, install: false, python }, 'task-runner': common };
  const outcomes = [];
  for (const [name, own] of Object.entries(options)) {
    const server = await fakeServer(targets);
    try {
      const at = await mkdtemp(join(folder, `${name}-`));
      const asking = { endpoint: server.endpoint, folder: at, model: 'fake', concurrency: 4, options: own };
      const { scores, seconds } = await runPlan(name, {
        ...asking,
        ...(fewshot !== undefined && { fewshot }),
      });
      console.log(
        `${name}: ${JSON.stringify(scores.scores)}, ${scores.samples} questions, ${seconds.toFixed(1)} s`,
      );
      outcomes.push({ scores, requests: server.requests.map((body) => JSON.stringify(sorted(body))).sort() });
    } finally {
      server.close();
    }
  }
  const [theirs, ours] = outcomes;
  const same =
    isDeepStrictEqual(theirs?.scores.scores, ours?.scores.scores) &&
    theirs?.scores.fewshot === ours?.scores.fewshot;
  const sameRequests = isDeepStrictEqual(theirs?.requests, ours?.requests);
  if (!sameRequests) console.log(theirs?.requests[0], ours?.requests[0]);
  console.log(`scores ${same ? 'equal' : 'DIFFER'}, requests ${sameRequests ? 'equal' : 'DIFFER'}`);
  return same && sameRequests;
}

/** @param {object} body */
const sorted = (body) =>
  Object.fromEntries(
    Object.entries(body)
      // lm-eval leaves the task's own limit in, next to that which it sends.
      .filter(([name]) => name !== 'max_gen_toks')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const folder = await mkdtemp(join(tmpdir(), 'sweepline-evals-'));
try {
  let { python } = values;
  if (python === undefined) {
    python = venvPython(join(CACHE, 'lm-eval'), ['3.11', '3.10', '3.12']);
    pipInstall(python, [LM_EVAL, ...OTHERS]);
  }
  for (const shots of [{ seed: 1234 }, { fewshot: 0, seed: 7 }])
    if (!(await check({ python, folder }, shots))) process.exitCode = 1;
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
} finally {
  await rm(folder, { recursive: true });
}
