// @ts-check
/** Compares Sweepline's token totals with the server's own, at several concurrencies. */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { minus, plus, scrape, shown } from './counters.js';
import { startServer } from './server.js';
import { jobsOf, plansOf, sweeplineShown } from './sweepline.js';

/** @typedef {import('./counters.js').Counts} Counts */

/** The request that checks whether the server accepts token ids; sent before the warm-ups. @type {Counts} */
const PROBE = { requests: 1, prompt: 24, output: 1 };

/** @param {import('./environment.js').Environment} environment @param {string} config @param {number} port @returns {Promise<readonly string[]>} Problems. */
export async function checkBench({ env }, config, port) {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-real-vllm-'));
  const jobs = jobsOf([config]);
  const plans = plansOf(jobs, ['--port', String(port)]);
  const plan = plans.at(-1);
  if (plan === undefined) throw new Error(`${config} has no job`);
  // The server for the most requests in flight also serves the others.
  const server = await startServer(plan, env, folder);
  try {
    /** @type {string[]} */
    const problems = [];
    for (const { job, client } of plans) {
      for (const rangeRatio of [client['rangeRatio'], 1]) {
        const load = { ...client, rangeRatio, model: job['model'], concurrency: job['conc'] };
        problems.push(...(await compare(load, server.baseUrl, folder)));
      }
    }
    return problems;
  } finally {
    await server.stop();
  }
}

/** @param {Record<string, any>} load @param {string} baseUrl @param {string} folder */
async function compare(load, baseUrl, folder) {
  const before = await scrape(baseUrl);
  const result = await bench(load, baseUrl, folder);
  const counted = minus(await scrape(baseUrl), before);
  const measured = {
    requests: result.completed,
    prompt: result.total_input_tokens,
    output: result.total_output_tokens,
  };
  const warmups = minus(counted, plus(measured, PROBE));
  const where = `bench, concurrency ${load['concurrency']}, lengths from ${load['rangeRatio']}`;
  console.log(
    `${where}: server ${shown(counted)}; client ${shown(measured)} measured; rest ${shown(warmups)} in warm-ups`,
  );
  console.log(
    `  ${result.output_throughput.toFixed(0)} tok/s, mean TTFT ${result.mean_ttft_ms.toFixed(1)} ms, mean TPOT ${result.mean_tpot_ms.toFixed(2)} ms`,
  );
  return [...measuredProblems(load, result), ...warmupProblems(load, warmups)].map(
    (problem) => `${where}: ${problem}`,
  );
}

/** @param {Record<string, any>} load @param {string} baseUrl @param {string} folder */
async function bench(load, baseUrl, folder) {
  const file = `bench-${load['concurrency']}-${load['rangeRatio']}.json`;
  mkdirSync(folder, { recursive: true });
  const { code } = await sweeplineShown(
    [
      ...[
        'bench',
        '--allow-invalid',
        '--base-url',
        baseUrl,
        '--model',
        load['model'],
        '--backend',
        load['backend'],
      ],
      ...['--random-input-len', load['inputLen'], '--random-output-len', load['outputLen']],
      ...['--random-range-ratio', load['rangeRatio'], '--max-concurrency', load['concurrency']],
      ...['--num-prompts', load['numPrompts'], '--num-warmups', load['numWarmups']],
      ...(load['ignoreEos'] ? ['--ignore-eos'] : []),
      ...['--save-result', '--result-dir', folder, '--result-filename', file],
    ].map(String),
    process.env,
  );
  if (code !== 0) throw new Error(`sweepline bench ended with ${code}`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** @param {Record<string, any>} load @param {any} result */
function measuredProblems({ numPrompts, numWarmups }, { completed, sweepline: { warmups, prompts } }) {
  return [
    ...(completed === numPrompts ? [] : [`${completed} of ${numPrompts} requests completed`]),
    ...(warmups.completed === numWarmups ? [] : [`${warmups.completed} of ${numWarmups} warm-ups completed`]),
    ...(prompts.form === 'token-ids' ? [] : [`prompts were sent as ${prompts.form}`]),
  ];
}

/**
 * The result doesn't contain the lengths of warm-ups: they are known if all are equal, otherwise only within bounds. @param {Record<string,
 * any>} load @param {Counts} warmups
 */
function warmupProblems({ numWarmups: requests, inputLen, outputLen, rangeRatio }, warmups) {
  const most = { requests, prompt: requests * inputLen, output: requests * outputLen };
  const least = {
    requests,
    prompt: Math.floor(most.prompt * rangeRatio),
    output: Math.floor(most.output * rangeRatio),
  };
  const isWithin = /** @type {(keyof Counts)[]} */ (Object.keys(most)).every(
    (key) => least[key] <= warmups[key] && warmups[key] <= most[key],
  );
  if (rangeRatio === 1 ? isDeepStrictEqual(warmups, most) : isWithin) return [];
  return [
    `the server counted ${shown(warmups)} in addition to the measured requests, but warm-ups had ${shown(least)} to ${shown(most)}`,
  ];
}
