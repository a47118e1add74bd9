// @ts-check
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { cutAfter, refusal } from '../../faults/answer.js';
import { startServer } from '../../faults/server.js';
import { dice } from '../cases.js';
import { cli, defectOf } from '../cli.js';

/** Runs of a server that fails at random, and the number of requests of each. */
const RUNS = [
  { concurrency: 200, requests: 12_000, seed: 1 },
  { concurrency: 1000, requests: 15_000, seed: 2 },
];

/**
 * What can happen to a request, with the error code that its record must have; `completed` for none.
 * @type {readonly { share: number, code: string, change: import('../../faults/answer.js').Change }[]}
 */
const FATES = [
  { share: 0.004, code: 'http-500', change: refusal(500, { error: { message: 'dead' } }) },
  { share: 0.004, code: 'http-503', change: refusal(503, { error: { message: 'busy' } }) },
  { share: 0.004, code: 'truncated-stream', change: cutAfter(2, 'end') },
  { share: 0.004, code: 'connection-lost', change: cutAfter(2, 'cut') },
  { share: 0.004, code: 'connection-lost', change: cutAfter(2, 'reset') },
  {
    ...{ share: 0.004, code: 'malformed-chunk' },
    change: (answer) => ({
      ...answer,
      writes: [{ atMs: 0, data: 'data: {"choices": [{"te\n\n' }, ...answer.writes],
    }),
  },
  {
    ...{ share: 0.004, code: 'error-event' },
    change: (answer) => ({
      ...answer,
      writes: [
        ...answer.writes.slice(0, 2),
        { atMs: answer.writes[1]?.atMs ?? 0, data: 'data: {"error":{"message":"oom"}}\n\n' },
      ],
    }),
  },
];

/** @type {import('../cases.js').Part} */
export const chaos = {
  name: 'chaos',
  title: 'requests with random failures at concurrency 200 and 1,000',
  claim: "each counted exactly once, each class equal to the server's own count",
  cases: () =>
    RUNS.map((run) => ({
      name: `${run.requests} requests, concurrency ${run.concurrency}`,
      run: ({ folder }) => load(run, folder),
    })),
};

/** @param {(typeof RUNS)[number]} run @param {string} folder */
async function load({ concurrency, requests, seed }, folder) {
  const next = dice(seed);
  /** What the server did. @type {Map<string, number>} */
  const did = new Map();
  const server = await startServer({
    schedule: { ttftMs: 20, itlMs: 2, tokensPerChunk: 2 },
    before: 1,
    answer(answer, { index }) {
      const fate = index < 0 ? undefined : drawn(next());
      if (index >= 0) count(did, fate?.code ?? 'completed');
      return fate?.change(answer, /** @type {any} */ ({})) ?? answer;
    },
  });
  try {
    const file = join(folder, `chaos-${concurrency}.jsonl`);
    const lengths = ['--random-input-len', '8', '--random-output-len', '8'];
    const load = ['--num-prompts', String(requests), '--max-concurrency', String(concurrency)];
    const ended = await cli(
      [
        'bench',
        '--model',
        'fake-model',
        '--base-url',
        server.url,
        ...lengths,
        ...load,
        '--keep-records',
        file,
      ],
      { cwd: folder, timeoutS: 300 },
    );
    return defectOf(ended) ?? difference(did, await recorded(file), requests);
  } finally {
    await server.close();
  }
}

/** @param {number} number From 0 to 1. */
function drawn(number) {
  let left = number;
  return FATES.find(({ share }) => (left -= share) < 0);
}

/** @param {Map<string, number>} did @param {{ codes: Map<string, number>, indices: Set<number>, lines: number }} found @param {number} requests */
function difference(did, { codes, indices, lines }, requests) {
  if (lines !== requests || indices.size !== requests)
    return `${lines} records, ${indices.size} different, of ${requests} requests`;
  const names = new Set([...did.keys(), ...codes.keys()]);
  const unequal = [...names].filter((name) => did.get(name) !== codes.get(name));
  return unequal.length === 0
    ? undefined
    : unequal
        .map((name) => `${name}: the server did ${did.get(name) ?? 0}, records have ${codes.get(name) ?? 0}`)
        .join('; ');
}

/** @param {string} file */
async function recorded(file) {
  /** @type {Map<string, number>} */
  const codes = new Map();
  const indices = new Set();
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { index, state, error } = JSON.parse(line);
    if (index === undefined) continue;
    lines++;
    indices.add(index);
    count(codes, error?.code ?? state);
  }
  return { codes, indices, lines };
}

/** @param {Map<string, number>} counts @param {string} key */
const count = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);
