// @ts-check
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../../faults/load.js';
import { startServer } from '../../faults/server.js';

const SECONDS = Number(process.env['SWEEPLINE_MEMORY_SECONDS'] ?? 180);
/** The most MB by which a load may grow after its first third. */
const MOST_GROWTH_MB = 32;
const SPEC = /** @type {const} */ ({
  schema: 'sweepline.load/1',
  model: 'fake-model',
  prompts: {
    kind: 'random',
    form: 'token-ids',
    inputLen: 64,
    outputLen: 32,
    rangeRatio: 1,
    seed: 0,
    vocabulary: { first: 0, end: 32_000 },
  },
  numWarmups: 0,
  ignoreEos: true,
  temperature: 0,
  connections: 'per-slot',
  timeouts: { connectS: 30, requestS: 600 },
});

/** @type {import('../cases.js').Part} */
export const memory = {
  name: 'memory',
  title: `memory of the load process over ${SECONDS} s`,
  claim: `at most ${MOST_GROWTH_MB} MB more than after the first third`,
  cases: () => [
    {
      name: 'closed loop of 64 streams',
      // 64 streams of 500 ms.
      run: () => grows({ pattern: 'closed-loop', concurrency: 64 }, Math.round(100 * SECONDS), undefined),
    },
    {
      name: "Poisson arrivals at twice the server's capacity",
      run: () => grows({ pattern: 'poisson', rate: 40, seed: 0 }, Math.round(20 * SECONDS), 10),
    },
  ],
};

/** @param {import('../../faults/load.js').LoadSpec['arrival']} arrival @param {number} numPrompts @param {number | undefined} atOnce */
async function grows(arrival, numPrompts, atOnce) {
  const server = await startServer({
    schedule: { ttftMs: 190, itlMs: 10 },
    before: 1,
    ...(atOnce && { atOnce }),
  });
  const load = startLoad({
    ...SPEC,
    arrival,
    numPrompts,
    endpoint: { baseUrl: server.url, api: 'completions' },
    output: { recordsFile: '' },
  });
  /** @type {number[]} */
  const samples = [];
  let running = true;
  const ended = load.ended.finally(() => (running = false));
  while (running) {
    await Promise.race([ended, delay(1000)]);
    const mb = residentMb(load.child.pid ?? 0);
    if (mb !== undefined) samples.push(mb);
  }
  const { failed, message } = await ended;
  await server.close();
  if (failed !== undefined) return `${failed}: ${message}`;
  const first = Math.max(...samples.slice(0, Math.ceil(samples.length / 3)));
  const later = Math.max(...samples.slice(Math.ceil(samples.length / 3)));
  console.log(
    `memory: ${samples.length} samples, at most ${first} MB in the first third, ${later} MB after it`,
  );
  return later - first <= MOST_GROWTH_MB ? undefined : `grew from ${first} to ${later} MB`;
}

/** @param {number} pid */
function residentMb(pid) {
  try {
    const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? undefined : Math.round(Number(kb) / 1024);
  } catch {
    return undefined;
  }
}
