// @ts-check
/**
 * Whether `sweepline bench --find-max-rate` is right within its bracket: `node checks/max-rate/run.js [--runs 100] [--out FILE]
 * [--seed 0] [--speed 1] [--allow-invalid]`; see README.md.
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { highestRate } from './truth.js';

const BIN = join(import.meta.dirname, '../../packages/core/bin/sweepline.js');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '0' },
    speed: { type: 'string', default: '1' },
    'allow-invalid': { type: 'boolean', default: false },
    out: { type: 'string', default: join(tmpdir(), 'sweepline-max-rate.ndjson') },
  },
});

const SPEED = Number(values.speed);
/** Outputs have six tokens. */
const SERVER = { slots: 8, ttftMs: 20 / SPEED, itlMs: 16 / SPEED };
const TOKENS = 6;
const OBJECTIVE = { share: 0.9, ttftMs: 60 / SPEED };
const [PROBE_S, SEARCH_S] = [40 / SPEED, 600 / SPEED];
/** Kept of how late the server was: enough for the 90th percentile of what they are added to. */
const QUANTILES = 200;
/** Of runs whose bracket has to hold the truth. */
const RIGHT_SHARE = 0.95;

/**
 * @typedef {object} Outcome
 * @property {number} seed
 * @property {readonly number[]} lateMs how late the server wrote its first tokens: quantiles
 * @property {number} [holds]
 * @property {number} [fails]
 * @property {number} probes
 * @property {number} requests
 * @property {number} seconds
 * @property {string} how it ended
 * @property {string[]} tried what each probe said of its rate
 */

const serviceMs = SERVER.ttftMs + (TOKENS - 1) * SERVER.itlMs;
console.log(
  `a punctual server has its knee at ${truthOf([0]).toFixed(1)} requests/s of ${((1000 * SERVER.slots) / serviceMs).toFixed(1)}`,
);

const done = existsSync(values.out) ? outcomesIn(readFileSync(values.out, 'utf8')) : [];
for (let run = 0; run < Number(values.runs); run++) {
  // Far apart: each probe takes the next seed.
  const seed = Number(values.seed) + 1000 * run;
  if (done.some((one) => one.seed === seed)) continue;
  const outcome = await search(seed);
  done.push(outcome);
  appendFileSync(values.out, `${JSON.stringify(outcome)}\n`);
  console.log(describe(outcome));
}
// At the end: it takes a second of a core each, which would disturb another search that runs at the same time.
const truths = new Map(done.map(({ seed, lateMs }) => [seed, truthOf(lateMs)]));
for (const outcome of done.filter((one) => isDecided(one) && !isRight(one)))
  console.log(`wrong, the knee was at ${truths.get(outcome.seed)?.toFixed(1)}: ${describe(outcome)}`);
const knees = [...truths.values()].sort((a, b) => a - b);
console.log(
  `by the server's own times the knees were at ${knees[0]?.toFixed(1)} to ${knees.at(-1)?.toFixed(1)} requests/s`,
);
const right = done.filter(isRight).length;
const decided = done.filter(isDecided);
const widths = decided.map(({ holds = 1, fails = 1 }) => fails / holds - 1);
console.log(
  `${right} of ${done.length} right, ${decided.length - right} wrong, ${done.length - decided.length} without a bracket; ` +
    `median width ${(100 * median(widths)).toFixed(0)} %, ` +
    `mean ${mean(done.map(({ probes }) => probes)).toFixed(1)} probes, ${mean(done.map(({ requests }) => requests)).toFixed(0)} requests, ` +
    `median ${median(done.map(({ seconds }) => seconds)).toFixed(0)} s`,
);
process.exitCode = right >= RIGHT_SHARE * done.length ? 0 : 1;

/** @param {number} seed @returns {Promise<Outcome>} */
async function search(seed) {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-max-rate-'));
  const log = join(folder, 'golden.jsonl');
  const server = execa(process.execPath, [BIN, 'golden-server', JSON.stringify(SERVER), '--log', log], {
    reject: false,
  });
  try {
    const { value: line } = await server.iterable()[Symbol.asyncIterator]().next();
    const { url } = JSON.parse(String(line));
    const began = performance.now();
    const { stdout, stderr, exitCode } = await execa(
      process.execPath,
      [
        ...[BIN, 'bench', '--base-url', url, '--model', 'golden', '--seed', String(seed), '--json'],
        ...[
          '--random-input-len',
          '8',
          '--random-output-len',
          String(TOKENS),
          '--ignore-eos',
          '--disable-tqdm',
        ],
        ...['--find-max-rate', '--slo', `ttft:${OBJECTIVE.ttftMs}`, '--slo-share', String(OBJECTIVE.share)],
        ...['--probe-limit', `${PROBE_S}`, '--search-limit', `${SEARCH_S}`, '--result-dir', folder],
        ...(values['allow-invalid'] ? ['--allow-invalid'] : []),
      ],
      { reject: false },
    );
    if (stdout === '') throw new Error(`exit code ${exitCode}: ${stderr}`);
    const seconds = (performance.now() - began) / 1000;
    const { bracket, how, probes } = JSON.parse(stdout);
    server.kill('SIGTERM');
    await server;
    /** @type {readonly { value: number, verdict: string, leans: string, invalid?: string, seen: { evidence: readonly { requests: number }[] } }[]} */
    const tried = probes;
    return {
      ...{ seed, ...bracket, how, lateMs: quantilesOf(latenessIn(readFileSync(log, 'utf8')), QUANTILES) },
      tried: tried.map(
        ({ value, verdict, leans, invalid = '' }) => `${value}: ${verdict}, ${leans} ${invalid}`,
      ),
      probes: tried.length,
      requests: tried.reduce((sum, { seen }) => sum + (seen.evidence[0]?.requests ?? 0), 0),
      seconds,
    };
  } finally {
    server.kill('SIGTERM');
    await server;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Outcome} outcome */
function describe(outcome) {
  const { seed, holds = NaN, fails = NaN, probes, requests, seconds, how } = outcome;
  const bracket = isDecided(outcome)
    ? `holds at ${holds.toFixed(1)}, fails at ${fails.toFixed(1)}`
    : 'no bracket';
  return `${seed}: ${bracket}; ${how}, ${probes} probes, ${requests} requests, ${seconds.toFixed(0)} s`;
}

/** @param {Outcome} outcome */
function isDecided({ holds, fails }) {
  return holds !== undefined && fails !== undefined;
}

/** @param {Outcome} outcome */
function isRight({ seed, holds = Infinity, fails = -Infinity }) {
  const truth = truths.get(seed) ?? NaN;
  return holds <= truth && truth <= fails;
}

/** @param {readonly number[]} lateMs */
function truthOf(lateMs) {
  const { slots, ttftMs } = SERVER;
  return highestRate({ slots, ttftMs, serviceMs, lateMs }, OBJECTIVE);
}

/**
 * How late first tokens were written, in ms, by the log of a golden server: its slots are handed on at the times that were due.
 * @param {string} log
 */
function latenessIn(log) {
  return log
    .trimEnd()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      /** @type {{ writes?: { dueMs: readonly number[], sentMs: readonly number[] } }} */
      const { writes } = JSON.parse(line);
      const [due, sent] = [writes?.dueMs[0], writes?.sentMs[0]];
      return due === undefined || sent === undefined ? [] : [sent - due];
    });
}

/**
 * @param {readonly number[]} values @param {number} count
 * @returns {readonly number[]} as many of them, at equal distances in their order
 */
function quantilesOf(values, count) {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from(
    { length: count },
    (_, index) => sorted[Math.floor(((index + 0.5) / count) * sorted.length)] ?? 0,
  );
}

/** @param {readonly number[]} all */
function median(all) {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN;
}

/** @param {readonly number[]} all */
function mean(all) {
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

/** @param {string} text @returns {Outcome[]} */
function outcomesIn(text) {
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
}
