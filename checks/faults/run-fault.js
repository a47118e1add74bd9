// @ts-check
/** Runs one fault: the server, the network and the load; returns the outcome. */
import { OF_A_BUSY_MACHINE } from '../busy.js';
import { startLoad } from './load.js';
import { startProxy } from './proxy.js';
import { startServer } from './server.js';

/**
 * @typedef {import('./load.js').Outcome} Outcome
 * @typedef {Omit<import('./load.js').LoadSpec, 'endpoint' | 'output'>} LoadWithoutPlaces
 *
 * @typedef {object} Running
 * @property {number} pid PID of the load process.
 * @property {import('./server.js').HostileServer} server
 *
 * @typedef {{ mark: string, or?: readonly string[], severity: 'note' | 'invalid', orWorse?: boolean }} Marked `or`, `orWorse`: other marks,
 * or `invalid` instead of a note, depending on the machine.
 * @typedef {{ caveat: string }} Told The result stands, with this caveat.
 * @typedef {{ fails: string }} Fails The run ends with this error code, without a result.
 * @typedef {{ harmless: string }} Harmless No number changes, so nothing is marked; the text says why.
 * @typedef {{ unseen: string }} Unseen No mark is possible; the text says why.
 *
 * @typedef {object} Fault
 * @property {string} name
 * @property {'server' | 'network' | 'machine' | 'client'} where
 * @property {string} what Description of the fault.
 * @property {string} number Key of the metric that it distorts.
 * @property {Marked | Told | Fails | Harmless | Unseen} expect
 * @property {boolean} [slow] Takes more than two seconds or needs the machine: not among the unit tests.
 * @property {Partial<import('./answer.js').Schedule>} [schedule]
 * @property {Partial<LoadWithoutPlaces> & { outputLen?: number, concurrency?: number, keepText?: boolean }} [load] Differences from LOAD.
 * @property {import('./answer.js').Change} [answer]
 * @property {Pick<import('./server.js').ServerOptions, 'atOnce' | 'connections' | 'metrics' | 'model'>} [server]
 * @property {import('./proxy.js').ProxyOptions} [proxy]
 * @property {string} [codec] Module that reads the answers instead of core's codec.
 * @property {string} [recordsFile] Path of the records.
 * @property {readonly string[]} [prefix] Argv of a program that starts the load process.
 * @property {(running: Running) => Promise<void>} [during] Disturbs the client or the machine during the run.
 * @property {string} [needs] A file that the fault needs.
 */

const SCHEDULE = { ttftMs: 20, itlMs: 5 };

/** Eight streams of 20 ms + 16 × 5 ms: 0.8 s. @type {LoadWithoutPlaces & { outputLen: number, concurrency: number }} */
const LOAD = {
  schema: 'sweepline.load/1',
  model: 'fake-model',
  prompts: {
    kind: 'random',
    form: 'token-ids',
    inputLen: 32,
    outputLen: 16,
    rangeRatio: 1,
    seed: 0,
    vocabulary: { first: 0, end: 32_000 },
  },
  outputLen: 16,
  concurrency: 8,
  arrival: { pattern: 'closed-loop', concurrency: 8 },
  numPrompts: 64,
  numWarmups: 4,
  ignoreEos: true,
  temperature: 0,
  connections: 'per-slot',
  timeouts: { connectS: 10, requestS: 30 },
};

/** @param {Fault} fault @returns {Promise<Outcome>} */
export async function runFault(fault) {
  const { outputLen, concurrency, keepText, ...load } = { keepText: false, ...LOAD, ...fault.load };
  const server = await startServer({
    schedule: { ...SCHEDULE, ...fault.schedule },
    before: 1 + load.numWarmups,
    ...fault.server,
    ...(fault.answer && { answer: fault.answer }),
  });
  const proxy = fault.proxy === undefined ? undefined : await startProxy(server.port, fault.proxy);
  const started = startLoad(
    {
      ...load,
      prompts: /** @type {any} */ ({ ...load.prompts, outputLen }),
      arrival: fault.load?.arrival ?? { pattern: 'closed-loop', concurrency },
      endpoint: {
        baseUrl: proxy?.url ?? server.url,
        api: 'completions',
        ...(fault.codec && { codec: fault.codec }),
      },
      output: { recordsFile: fault.recordsFile ?? '', ...(keepText && { keepText }) },
    },
    { ...(fault.prefix && { prefix: fault.prefix }) },
  );
  try {
    const meanwhile = fault.during?.({ pid: started.child.pid ?? 0, server });
    const outcome = await started.ended;
    await meanwhile;
    return outcome;
  } finally {
    started.child.kill('SIGKILL');
    await proxy?.close();
    await server.close();
  }
}

/** The same run without the fault. @param {Fault} fault @returns {Fault} */
export function undisturbed({ name, where, what, number, expect, schedule, load }) {
  return { name, where, what, number, expect, ...(schedule && { schedule }), ...(load && { load }) };
}

/** @param {Outcome} outcome @param {Fault['expect']} expect @returns {boolean} Whether it was reported as expected. */
export function isCaught({ marks, caveats = [], failed }, expect) {
  if ('fails' in expect) return failed === expect.fails;
  if (failed !== undefined) return false;
  if ('caveat' in expect && !caveats.some(({ code }) => code === expect.caveat)) return false;
  if (!('mark' in expect)) return marks.every(({ code }) => OF_A_BUSY_MACHINE.includes(code));
  return marks.some(
    ({ code, severity }) =>
      [expect.mark, ...(expect.or ?? [])].includes(code) &&
      (severity === expect.severity || expect.orWorse === true),
  );
}
