// @ts-check
/**
 * What the scheduler, the journal and resuming cost, on virtual time: `node bench/schedule/run.js [--jobs 10000] [--nodes 200]
 * [--rounds 5]`. It runs the code in dist, so build first.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createScheduler } from '../../packages/core/dist/schedule/scheduler.js';
import { simulate } from '../../packages/core/dist/schedule/simulate.js';
import { randomFrom } from '../../checks/random.js';
import { finishedRun, measureJournal, measureResume } from './run-folder.js';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    nodes: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
  },
});
const [JOBS, NODES, ROUNDS] = [Number(values.jobs), Number(values.nodes), Number(values.rounds)];
/** A point of the fixture run, whose result each of the finished ones has. */
const SAMPLE = 'one_20_5_fp8_acme_tp1-ep1-dpafalse_disagg-false_spec-none_conc2_acme-x1_f8c888a16ff8';
/** Concurrencies of a config. */
const PER_CONFIG = 8;
/** Median minutes of a point, and the spread of their logarithms: a few take four times as long. */
const [MEDIAN_S, SPREAD] = [20 * 60, 0.6];
/** Of the logarithm of an estimate. */
const ESTIMATE_SPREAD = 0.2;

console.log(`${JOBS} jobs on ${NODES} nodes, virtual time`);
for (const failFast of [false, true]) {
  const canaries = failFast ? 'with' : 'without';
  report(`one node each, ${canaries} canaries, nothing known of their length`, { failFast });
  report(`one node each, ${canaries} canaries, estimates`, { failFast, isEstimated: true });
}
report('a tenth on 2 to 16 nodes, estimates', {
  nodesOf: (random) => (random() < 0.1 ? 2 ** (1 + Math.floor(random() * 4)) : 1),
  isEstimated: true,
});
reportMemory();
const folder = mkdtempSync(join(tmpdir(), 'bench-schedule-'));
try {
  console.log(`journal: ${(await measureJournal(folder, 2_000)).toFixed(3)} ms an entry, without its sync`);
  const run = await finishedRun(join(folder, 'run'), JOBS, SAMPLE);
  for (let round = 0; round < ROUNDS; round += 1)
    console.log(`resume of ${JOBS} finished points: ${(await measureResume(run)).toFixed(0)} ms`);
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * @typedef {object} Kind
 * @property {(random: () => number) => number} [nodesOf] default: one
 * @property {boolean} [failFast]
 * @property {boolean} [isEstimated] by earlier ones, which took more or less
 */

/** @param {string} what @param {Kind} kind */
function report(what, kind) {
  const { failFast = false } = kind;
  const { tasks, secondsOf, bound } = sweepOf(JOBS, kind);
  simulate(createScheduler(tasks, { failFast }), secondsOf); // compiled by the first round
  const costs = [];
  let seconds = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = performance.now();
    ({ seconds } = simulate(createScheduler(tasks, { failFast }), secondsOf));
    costs.push((performance.now() - begin) / JOBS);
  }
  const over = (100 * (seconds - bound)) / bound;
  console.log(
    `${what}: ${Math.max(...costs).toFixed(4)} ms a job at most, ${(seconds / 3600).toFixed(1)} h, ${over.toFixed(1)} % above the least possible`,
  );
}

/** The heap when a sweep of so many jobs is under way, per job after the first thousand. */
function reportMemory() {
  const heapAt = (/** @type {number} */ jobs) => {
    const { tasks, secondsOf } = sweepOf(JOBS, {});
    const scheduler = createScheduler(tasks);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let begun = 0; begun < jobs; begun += 1) {
      const task = scheduler.next();
      if (task === undefined) break;
      secondsOf(task);
      scheduler.ended(task, { failed: false });
    }
    globalThis.gc?.();
    return process.memoryUsage().heapUsed - before;
  };
  if (globalThis.gc === undefined) return console.log('memory: not measured, run it with node --expose-gc');
  const [few, all] = [heapAt(1_000), heapAt(JOBS)];
  console.log(`memory: ${Math.round((all - few) / 1024)} KB more after ${JOBS} jobs than after 1000`);
}

/** Configs with points of random durations. @param {number} jobs @param {Kind} kind */
function sweepOf(jobs, { nodesOf = () => 1, failFast = false, isEstimated = false }) {
  const random = randomFrom(1);
  const queue = { name: 'cluster', nodes: NODES, machines: [] };
  const tasks = Array.from({ length: jobs }, (_, index) => {
    const took = MEDIAN_S * Math.exp(SPREAD * normal(random));
    return {
      ...{ queue, priority: 0, config: `config-${Math.floor(index / PER_CONFIG)}`, rank: index % PER_CONFIG },
      ...{ nodes: nodesOf(random), took },
      ...(isEstimated && { seconds: took * Math.exp(ESTIMATE_SPREAD * normal(random)) }),
    };
  });
  const secondsOf = (/** @type {(typeof tasks)[number]} */ task) => task.took;
  const work = tasks.reduce((sum, { took, nodes }) => sum + took * nodes, 0);
  return { tasks, secondsOf, bound: Math.max(work / NODES, longestChain(tasks, failFast)) };
}

/** @param {readonly {config: string, rank: number, took: number}[]} tasks @param {boolean} failFast */
function longestChain(tasks, failFast) {
  const canaries = new Map(tasks.filter(({ rank }) => rank === 0).map((task) => [task.config, task.took]));
  const chainOf = (/** @type {(typeof tasks)[number]} */ { config, rank, took }) =>
    failFast && rank > 0 ? took + (canaries.get(config) ?? 0) : took;
  return Math.max(...tasks.map(chainOf));
}

/** Box and Muller. @param {() => number} random */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
