// @ts-check
import { cutAfter, where } from '../answer.js';

/**
 * Faults of connections, at the server and in between.
 * @typedef {import('../run-fault.js').Fault} Fault
 */

/** @param {Omit<Fault, 'where'> & { where?: Fault['where'] }} fault @returns {Fault} */
const fault = (fault) => ({ where: 'network', ...fault });

/** Metrics of a server that restarted after 32 requests. @param {{ measured: number, outputTokens: number }} seen */
const restartedMetrics = ({ measured, outputTokens }) =>
  `# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total ${measured < 32 ? outputTokens : 0}\n`;

/** @type {readonly Fault[]} */
export const CONNECTIONS = [
  fault({
    ...{
      name: 'server-restarts',
      where: 'server',
      what: 'the server restarts: 8 answers are reset, its counters fall to 0',
    },
    ...{ number: 'output_throughput', server: { metrics: restartedMetrics } },
    answer: where(({ index }) => index >= 24 && index < 32, cutAfter(4, 'reset')),
    expect: { mark: 'failed-requests', severity: 'invalid' },
  }),
  fault({
    ...{ name: 'closes-after-answer', where: 'server', what: 'each connection is closed after its answer' },
    ...{ number: 'mean_ttft_ms', server: { connections: 'close' } },
    expect: { harmless: 'noticed in the warm-up: a connection per request then, opened ahead' },
  }),
  fault({
    ...{
      name: 'one-at-a-time',
      where: 'server',
      what: 'one request at a time is served, the others wait and nothing says so',
    },
    ...{ number: 'mean_ttft_ms', server: { atOnce: 1 }, slow: true, load: { numPrompts: 24 } },
    expect: { unseen: 'the server causes it: TTFT is the time that a user would wait' },
  }),
  fault({
    ...{ name: 'delay', what: '25 ms of delay in each direction (proxy)' },
    ...{ number: 'mean_ttft_ms', proxy: { delayMs: 25 } },
    expect: {
      unseen: "no clock is compared between machines; the client runs on the server's node by default",
    },
  }),
  fault({
    ...{ name: 'flush-300', what: 'a proxy passes on what came every 300 ms' },
    ...{
      number: 'median_itl_ms',
      proxy: { flushEveryMs: 300 },
      slow: true,
      load: { numPrompts: 48, outputLen: 120, tokensPerChunk: { max: 1 } },
    },
    expect: { mark: 'not-streamed', severity: 'invalid' },
  }),
  fault({
    ...{ name: 'buffering-proxy', what: 'a proxy passes an answer on when it is complete' },
    ...{ number: 'median_tpot_ms', proxy: { quietMs: 40 } },
    expect: { mark: 'not-streamed', severity: 'invalid' },
  }),
  fault({
    ...{ name: 'bandwidth', what: 'the line has 100 kB/s, half of what the streams need (proxy)' },
    ...{ number: 'output_throughput', proxy: { bytesPerS: 100_000 }, slow: true },
    expect: { unseen: 'tokens come evenly, only slower: a slow server looks the same' },
  }),
  fault({
    ...{
      name: 'loss',
      what: 'all streams pause for 0.2 s in each second, like retransmissions of lost packets (proxy)',
    },
    ...{
      number: 'p99.9_itl_ms',
      proxy: { pauses: { everyMs: 1000, forMs: 200 } },
      slow: true,
      load: { numPrompts: 256 },
    },
    expect: { unseen: "pauses below 2 s may be the server's" },
  }),
  fault({
    ...{
      name: 'half-open',
      what: 'one connection passes on nothing after some bytes, and stays open (proxy)',
    },
    ...{ number: 'completed', proxy: { halfOpen: { connection: 3, afterBytes: 3000 } }, slow: true },
    load: { timeouts: { connectS: 10, requestS: 3 } },
    expect: { mark: 'failed-requests', severity: 'note' },
  }),
  fault({
    ...{
      name: 'kept-connections-drop',
      where: 'server',
      what: '1 of 5 kept connections is closed instead of answering the next request',
    },
    ...{ number: 'mean_ttft_ms', load: { numPrompts: 100 } },
    answer: where(
      ({ index }) => index >= 8 && index % 5 === 4,
      (answer) => ({ ...answer, status: 0, writes: [], ending: 'cut' }),
    ),
    expect: { mark: 'client-connections', severity: 'invalid' },
  }),
];
