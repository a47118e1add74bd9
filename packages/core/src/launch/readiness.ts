import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { SweeplineError, messageOf } from '../errors.js';
import type { Readiness } from '../plugin/launch-plan.js';
import type { Replica } from './addresses.js';
import { searchLog } from './server-logs.js';

/** Milliseconds between two checks. */
const POLL_MS = 50;
/** Seconds one check may take. */
const CHECK_TIMEOUT_S = 5;

/**
 * Waits until a replica is ready.
 * @param log path of the replica's log on its node
 * @throws {SweeplineError} SERVER_NOT_READY after its timeout, with what the last check saw.
 */
export async function waitUntilReady(
  readiness: Readiness,
  replica: Replica,
  log: string,
  signal: AbortSignal,
): Promise<void> {
  const check = checkOf(readiness, replica, log);
  const deadline = performance.now() + readiness.timeoutS * 1000;
  let seen = 'nothing yet';
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const state = await check(signal);
    if (state === undefined) return;
    seen = state;
    await delay(POLL_MS, undefined, { signal });
  }
  throw new SweeplineError(
    'SERVER_NOT_READY',
    `${readiness.role} was not ready within ${readiness.timeoutS} s (last check: ${seen})`,
    { hint: 'Read its server.log; if it only needs longer, raise its ready timeout.' },
  );
}

/** Undefined when ready, else what was seen instead. */
type Check = (signal: AbortSignal) => Promise<string | undefined>;

function checkOf({ when }: Readiness, replica: Replica, log: string): Check {
  if ('http' in when) return (signal) => checkHttp(replica, when.http, when.expect, signal);
  if ('tcp' in when) return () => checkTcp(replica, when.tcp);
  if ('log' in when) return checkLog(searchLog(replica.executor, log, when.log), when.log);
  return (signal) => checkExec(replica, when.exec, signal);
}

function checkLog(isSaid: () => Promise<boolean>, text: string): Check {
  return async () => {
    try {
      return (await isSaid()) ? undefined : `no "${text}" in the log`;
    } catch (error) {
      return `the log can't be read: ${messageOf(error)}`;
    }
  };
}

async function checkExec(
  { executor }: Replica,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const { exit } = await executor.run({ argv }, forOneCheck(signal));
  return exit.code === 0 ? undefined : `${argv.join(' ')} exited with ${exit.code ?? exit.signal}`;
}

function forOneCheck(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_S * 1000)]);
}

async function checkHttp(
  { address }: Replica,
  path: string,
  expect: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const port = Object.values(address.ports)[0];
  try {
    const { statusCode, body } = await request(`http://${address.host}:${port}${path}`, {
      signal: forOneCheck(signal),
    });
    const text = await body.text();
    if (statusCode < 200 || statusCode > 299) return `GET ${path} answered ${statusCode}`;
    return expect === undefined || text.includes(expect)
      ? undefined
      : `GET ${path} answered without "${expect}"`;
  } catch (error) {
    return `GET ${path}: ${messageOf(error)}`;
  }
}

function checkTcp({ address }: Replica, name: string): Promise<string | undefined> {
  const port = address.ports[name];
  if (port === undefined) return Promise.resolve(`the role has no port ${name}`);
  return new Promise((resolve) => {
    const socket = connect(port, address.host);
    const settle = (state: string | undefined): void => {
      socket.destroy();
      resolve(state);
    };
    socket.setTimeout(CHECK_TIMEOUT_S * 1000, () => settle(`port ${port}: no answer`));
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error) => settle(`port ${port}: ${error.message}`));
  });
}
