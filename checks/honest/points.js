// @ts-check
/**
 * Honest loads of many kinds, each at most two seconds long on an otherwise idle machine.
 *
 * @typedef {import('../faults/answer.js').Schedule} Schedule
 * @typedef {import('../faults/answer.js').Request} Request
 * @typedef {import('../faults/run-fault.js').LoadWithoutPlaces} LoadWithoutPlaces
 *
 * @typedef {object} Point
 * @property {string} kind
 * @property {string} name
 * @property {Server} server
 * @property {'completions' | 'chat'} api
 * @property {LoadWithoutPlaces} load
 *
 * @typedef {{ is: 'golden', options: import('@sweepline/core/testing').GoldenInput } | { is: 'scheduled', schedule: () => Schedule |
 * ((request: Request) => Schedule) } | { is: 'llamacpp' }} Server
 *
 * @typedef {(pick: Pick) => Omit<Point, 'kind' | 'name'>} Kind
 * @typedef {ReturnType<typeof picker>} Pick
 */

const BASE = /** @type {const} */ ({
  schema: 'sweepline.load/1',
  model: 'fake-model',
  numWarmups: 4,
  ignoreEos: true,
  temperature: 0,
  connections: 'per-slot',
  timeouts: { connectS: 10, requestS: 60 },
});

/** @param {number} inputLen @param {number} outputLen @param {number} seed @returns {LoadWithoutPlaces['prompts']} */
const ids = (inputLen, outputLen, seed, rangeRatio = 1) => ({
  ...{ kind: 'random', form: 'token-ids', inputLen, outputLen, rangeRatio, seed },
  vocabulary: { first: 0, end: 32_000 },
});

/** @param {number} concurrency @param {number} rounds @param {LoadWithoutPlaces['prompts']} prompts @param {Partial<LoadWithoutPlaces>} [more] @returns {LoadWithoutPlaces} */
const closed = (concurrency, rounds, prompts, more) => ({
  ...{ ...BASE, prompts, arrival: { pattern: 'closed-loop', concurrency } },
  ...{ numPrompts: Math.max(3, concurrency * rounds), ...more },
});

/** The number of requests of this duration that fit into 1.6 s. @param {number} requestMs */
const rounds = (requestMs) => Math.max(1, Math.floor(1600 / requestMs));

/** @type {Readonly<Record<string, { share: number, make: Kind }>>} */
const KINDS = {
  'closed loop': { share: 3, make: closedLoop },
  'stream interval': { share: 4, make: streamInterval },
  MTP: { share: 3, make: speculative },
  'several events per write': { share: 1, make: severalEvents },
  'long prefill': { share: 2, make: longPrefill },
  '64 x 8k burst': { share: 1, make: burst },
  rate: { share: 3, make: rate },
  chat: { share: 2, make: chat },
  'multi-turn': { share: 2, make: multiTurn },
  'llama.cpp': { share: 6, make: llamaCpp },
  'llama.cpp chat': { share: 1, make: llamaCppChat },
  'two workers': { share: 2, make: twoWorkers },
};

/** @param {number} count @returns {Point[]} Always the same; the first n have all kinds in the right proportions, for any n. */
export function honestPoints(count) {
  const order = Object.entries(KINDS).flatMap(([kind, { share, make }]) =>
    Array.from({ length: share }, (_, i) => ({ kind, make, at: (i + 0.5) / share })),
  );
  order.sort((a, b) => a.at - b.at);
  return Array.from({ length: count }, (_, index) => {
    const { kind, make } = order[index % order.length] ?? /** @type {any} */ (order[0]);
    const pick = picker(index);
    const point = make(pick);
    return { kind, name: `${String(index).padStart(3, '0')} ${kind} ${pick.told.join(' ')}`, ...point };
  });
}

/** Chooses randomly by a seed, and records the choices. @param {number} seed */
function picker(seed) {
  let state = (seed + 1) * 2654435761;
  const next = () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  /** @type {string[]} */
  const told = [];
  return {
    ...{ seed, told, next },
    /** @template T @param {string} name @param {readonly T[]} choices @returns {T} */
    one(name, choices) {
      const choice = /** @type {T} */ (choices[Math.floor(next() * choices.length)]);
      told.push(`${name}=${choice}`);
      return choice;
    },
  };
}

/** @type {Kind} */
function closedLoop(pick) {
  const concurrency = pick.one('conc', [1, 2, 4, 8, 16, 32, 64]);
  const outputLen = pick.one('osl', [1, 16, 32, 64]);
  // 3,000 connections per second and more are too many for two cores: the server answers late, and slow-client is right.
  const ttftMs = pick.one('ttft', outputLen === 1 && concurrency >= 32 ? [50, 200] : [10, 50, 200]);
  const itlMs = pick.one('itl', [4, 8, 20]);
  const options = {
    ttftMs,
    itlMs,
    jitter: pick.one('jitter', [0, 0.2]),
    align: pick.one('align', [false, true]),
  };
  const connections = pick.one('connections', /** @type {const} */ (['per-slot', 'per-request']));
  const prompts = ids(pick.one('isl', [32, 256, 1024]), outputLen, pick.seed, pick.one('ratio', [0.8, 1]));
  const load = closed(concurrency, rounds(ttftMs + outputLen * itlMs), prompts, { connections });
  return { server: { is: 'golden', options }, api: 'completions', load };
}

/** @type {Kind} */
function streamInterval(pick) {
  const tokensPerChunk = pick.one('tokens/chunk', [1, 2, 4, 8, 16, 32, 64]);
  // At least two chunks: a single one isn't streamed.
  const outputLen = pick.one('osl', tokensPerChunk > 16 ? [128, 256] : [64, 128, 256]);
  const firstAlone = pick.one('first-alone', [true, false]);
  const itlMs = pick.one('itl', [2, 4]);
  const load = closed(
    pick.one('conc', [1, 4, 16, 32]),
    rounds(20 + outputLen * itlMs),
    ids(64, outputLen, pick.seed),
    limit(pick, tokensPerChunk),
  );
  const schedule = () => ({ ttftMs: 20, itlMs, tokensPerChunk, firstAlone });
  return { server: { is: 'scheduled', schedule }, api: 'completions', load };
}

/** What a recipe may state about chunks. @param {Pick} pick @param {number} max */
const limit = (pick, max) => (pick.one('limit-known', [true, false]) ? { tokensPerChunk: { max } } : {});

/** A draft of some tokens, of which a random number is accepted. @type {Kind} */
function speculative(pick) {
  const most = pick.one('draft+1', [2, 3, 4]);
  const acceptance = pick.one('acceptance', [0.3, 0.6, 0.9]);
  const outputLen = pick.one('osl', [64, 128]);
  const dice = picker(pick.seed + 1000);
  const itlMs = 12;
  /** @type {NonNullable<Schedule['steps']>} */
  const steps = function* () {
    yield 1;
    for (;;) {
      let count = 1;
      while (count < most && dice.next() < acceptance) count++;
      yield count;
    }
  };
  const load = closed(
    pick.one('conc', [1, 4, 16, 32]),
    rounds(20 + (outputLen * itlMs) / 1.5),
    ids(64, outputLen, pick.seed),
  );
  return {
    server: { is: 'scheduled', schedule: () => ({ ttftMs: 20, itlMs, steps }) },
    api: 'completions',
    load,
  };
}

/** Each token of a step in its own event, written together. @type {Kind} */
function severalEvents(pick) {
  const options = { ttftMs: 30, itlMs: 4, eventsPerWrite: pick.one('events/write', [2, 3, 4, 8]) };
  const load = closed(pick.one('conc', [1, 8, 32]), rounds(30 + 64 * 4), ids(64, 64, pick.seed));
  return { server: { is: 'golden', options }, api: 'completions', load };
}

/** @type {Kind} */
function longPrefill(pick) {
  const inputLen = pick.one('isl', [8_192, 16_384, 32_768]);
  const perMs = pick.one('tokens/ms', [24, 40]);
  const concurrency = pick.one('conc', [1, 2]);
  const load = closed(concurrency, 1, ids(inputLen, 32, pick.seed), {
    numPrompts: concurrency,
    numWarmups: 0,
  });
  return { server: { is: 'scheduled', schedule: () => prefilledInTurn(perMs, 5) }, api: 'completions', load };
}

/** @type {Kind} */
function burst(pick) {
  const load = closed(64, 1, ids(8_192, 16, pick.seed), { numPrompts: 64, numWarmups: 0 });
  return { server: { is: 'scheduled', schedule: () => prefilledInTurn(400, 15) }, api: 'completions', load };
}

/** Prompts are prefilled one after another. @param {number} tokensPerMs @param {number} itlMs @returns {(request: Request) => Schedule} */
function prefilledInTurn(tokensPerMs, itlMs) {
  let freeMs = 0;
  return ({ promptTokens }) => {
    const nowMs = performance.now();
    freeMs = Math.max(freeMs, nowMs) + promptTokens / tokensPerMs;
    return { ttftMs: freeMs - nowMs, itlMs };
  };
}

/** @type {Kind} */
function rate(pick) {
  const perS = pick.one('rate', [10, 30, 60]);
  const capped = pick.one('capped', [true, false]);
  const pattern = pick.one('pattern', /** @type {const} */ (['poisson', 'constant', 'gamma']));
  const cap = capped ? { concurrency: 64 } : {};
  /** @type {LoadWithoutPlaces['arrival']} */
  const arrival =
    pattern === 'constant'
      ? { pattern, rate: perS, ...cap }
      : pattern === 'poisson'
        ? { pattern, rate: perS, seed: pick.seed, ...cap }
        : { pattern, rate: perS, burstiness: 0.5, seed: pick.seed, ...cap };
  const options = { ttftMs: 50, itlMs: 8, jitter: 0.1 };
  const load = { ...closed(1, 1, ids(128, 32, pick.seed)), arrival, numPrompts: Math.round(1.4 * perS) };
  return { server: { is: 'golden', options }, api: 'completions', load };
}

/** @type {Kind} */
function chat(pick) {
  const options = { ttftMs: pick.one('ttft', [20, 80]), itlMs: 6, align: true };
  /** @type {LoadWithoutPlaces['prompts']} */
  const prompts = {
    kind: 'random',
    form: 'text',
    inputLen: 128,
    outputLen: 32,
    rangeRatio: 1,
    seed: pick.seed,
  };
  return {
    server: { is: 'golden', options },
    api: 'chat',
    load: closed(pick.one('conc', [1, 8, 32]), rounds(280), prompts),
  };
}

/** @type {Kind} */
function multiTurn(pick) {
  const concurrency = pick.one('conc', [1, 4, 16]);
  const turns = pick.one('turns', [2, 4]);
  /** @type {LoadWithoutPlaces['prompts']} */
  const prompts = {
    ...{ kind: 'multi-turn', turns: { min: turns, max: turns }, firstLen: 200, nextLen: 50, outputLen: 24 },
    ...{ rangeRatio: 1, seed: pick.seed, think: { distribution: 'fixed', ms: 50 } },
  };
  const api = pick.one('api', /** @type {const} */ (['chat', 'completions']));
  // Its answers have one word per token, so that a conversation has the requested length.
  const schedule = () => ({ ttftMs: 40, itlMs: 6 });
  return { server: { is: 'scheduled', schedule }, api, load: closed(concurrency, turns * 2, prompts) };
}

/** The real engine, with a small model. @type {Kind} */
function llamaCpp(pick) {
  const concurrency = pick.one('conc', [1, 2, 4, 8]);
  const inputLen = pick.one('isl', [16, 64, 256]);
  const outputLen = pick.one('osl', [16, 32, 64]);
  const prompts = {
    ...ids(inputLen, outputLen, pick.seed, pick.one('ratio', [0.8, 1])),
    vocabulary: { first: 300, end: 1000 },
  };
  // 300 tokens per second and stream, prompts of 10,000 per second.
  const requestMs = outputLen * 4 * Math.max(1, concurrency / 4) + (inputLen * concurrency) / 10;
  return {
    server: { is: 'llamacpp' },
    api: 'completions',
    load: closed(concurrency, Math.min(20, rounds(requestMs)), prompts),
  };
}

/** @type {Kind} */
function llamaCppChat(pick) {
  const concurrency = pick.one('conc', [1, 4]);
  /** @type {LoadWithoutPlaces['prompts']} */
  const prompts = {
    kind: 'random',
    form: 'text',
    inputLen: 64,
    outputLen: 24,
    rangeRatio: 1,
    seed: pick.seed,
  };
  return { server: { is: 'llamacpp' }, api: 'chat', load: closed(concurrency, 4, prompts) };
}

/** @type {Kind} */
function twoWorkers(pick) {
  const concurrency = pick.one('conc', [8, 32, 64]);
  const options = { ttftMs: 40, itlMs: pick.one('itl', [8, 20]) };
  const load = closed(concurrency, rounds(40 + 32 * options.itlMs), ids(128, 32, pick.seed), { workers: 2 });
  return { server: { is: 'golden', options }, api: 'completions', load };
}
