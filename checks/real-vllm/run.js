// @ts-check
/**
 * Compares plans and figures with real vLLM, in its build for CPUs: argument parsers of several versions, a server started from a plan and
 * its own counters, and a sweep.
 *
 * node checks/real-vllm/run.js [--only flags|bench|sweep]
 *
 * It runs the code in dist, so build first. Without Python or PyPI it says so and exits with 0.
 */
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { checkBench } from './bench.js';
import { prepareEnvironment, Unavailable } from './environment.js';
import { checkFlags } from './flags.js';
import { checkSweep } from './sweep.js';

const CONFIG = 'checks/real-vllm/vllm.yaml';

/** @type {Record<string, (environment: import('./environment.js').Environment) => readonly string[] | Promise<readonly string[]>>} */
const CHECKS = {
  flags: checkFlags,
  bench: async (environment) => checkBench(environment, CONFIG, await freePort()),
  sweep: (environment) => checkSweep(environment, CONFIG),
};

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true, default: Object.keys(CHECKS) } },
});

try {
  const problems = await runAll(values.only);
  for (const problem of problems) console.log(`problem: ${problem}`);
  console.log(problems.length === 0 ? 'all as expected' : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
}

/** @param {readonly string[]} names */
async function runAll(names) {
  const environment = prepareEnvironment();
  /** @type {string[]} */
  const problems = [];
  for (const name of names) {
    const check = CHECKS[name];
    if (check === undefined)
      throw new Error(`there is no check ${name}; checks: ${Object.keys(CHECKS).join(', ')}`);
    problems.push(...(await check(environment)));
  }
  return problems;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((settle, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
