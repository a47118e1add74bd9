// @ts-check
/**
 * Both eval plugins against llama.cpp's server with a small real model, both from PyPI: the first eval, the same answers, the same scores;
 * then the server is killed in mid-eval, and the eval continues. `node checks/evals/real.js [--python PYTHON]`, where PYTHON has lm-eval
 * 0.4.9.2 (else only the runner without Python is checked).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { installLlamaServer } from '../llama-server.js';
import { Unavailable } from '../python.js';
import { runPlan } from './run-plan.js';

const READY_WITHIN_MS = 120_000;
const { values } = parseArgs({
  options: { python: { type: 'string' }, limit: { type: 'string', default: '242' } },
});

/** @param {import('../llama-server.js').LlamaServer} llama @param {number} port */
async function start({ program, model }, port) {
  const args = [
    '--model',
    model,
    '--port',
    String(port),
    '--ctx-size',
    '4096',
    '--parallel',
    '1',
    '--threads',
    '2',
  ];
  const server = spawn(program, args, { stdio: 'ignore' });
  const until = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (response?.ok === true) return server;
    if (server.exitCode !== null || performance.now() > until) throw new Error('llama-server is not ready');
    await setTimeout(200);
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}

const folder = await mkdtemp(join(tmpdir(), 'sweepline-evals-'));
/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
try {
  const llama = installLlamaServer();
  const port = await freePort();
  server = await start(llama, port);
  const common = {
    task: '@sweepline/evals/first',
    limit: Number(values.limit),
    'max-tokens': 16,
    temperature: 0,
    'top-p': 1,
  };
  const asking = { endpoint: `http://127.0.0.1:${port}`, model: 'small', concurrency: 1 };
  const ours = await runPlan('task-runner', { ...asking, folder: join(folder, 'ours'), options: common });
  console.log(
    `task-runner: ${JSON.stringify(ours.scores.scores)}, ${ours.scores.samples} questions, ${ours.seconds.toFixed(1)} s`,
  );
  if (values.python !== undefined) {
    const options = { ...common, install: false, python: values.python };
    const theirs = await runPlan('lm-eval', { ...asking, folder: join(folder, 'theirs'), options });
    console.log(
      `lm-eval: ${JSON.stringify(theirs.scores.scores)}, ${theirs.scores.samples} questions, ${theirs.seconds.toFixed(1)} s`,
    );
    if (!isDeepStrictEqual(ours.scores.scores, theirs.scores.scores)) {
      console.log(
        'the scores differ: compare the answers in samples.jsonl; a server is not always the same for the same prompt',
      );
      process.exitCode = 1;
    }
  }
  const again = join(folder, 'again');
  const killed = runPlan('task-runner', {
    ...asking,
    folder: again,
    options: { ...common, 'max-retries': 1 },
  });
  const lines = () =>
    readFile(join(again, 'samples.jsonl'), 'utf8').then(
      (text) => text.split('\n').length - 1,
      () => 0,
    );
  while ((await lines()) < 20) await setTimeout(50);
  server.kill('SIGKILL');
  console.log(
    `the server was killed: ${await killed.then(
      () => 'NOTHING FAILED',
      (thrown) => String(thrown).split('\n').at(-2),
    )}`,
  );
  const kept = await lines();
  server = await start(llama, port);
  const continued = await runPlan('task-runner', { ...asking, folder: again, options: common });
  console.log(`continued after ${kept} answers: ${JSON.stringify(continued.scores.scores)}`);
  if (!isDeepStrictEqual(continued.scores.scores, ours.scores.scores)) process.exitCode = 1;
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
} finally {
  server?.kill('SIGKILL');
  await rm(folder, { recursive: true });
}
