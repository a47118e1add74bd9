import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, messageOf } from '../errors.js';
import type { Readiness } from '../plugin/launch-plan.js';
import type { Replica } from './addresses.js';
import { portTaken } from './port-taken.js';
import { foundInLog, type ServerLog } from './server-logs.js';

/** Milliseconds between two checks. */
const POLL_MS = 50;
/** Seconds one check may take. */
const CHECK_TIMEOUT_S = 5;

/**
 * Waits until a replica is ready, asking from its own node.
 * @param log that of the replica's first process
 * @throws {SweeplineError} SERVER_NOT_READY after its timeout, with what the last check saw; SERVER_PORT_IN_USE when it is another
 * program that answers.
 */
export async function waitUntilReady(
  readiness: Readiness,
  replica: Replica,
  log: ServerLog,
  signal: AbortSignal,
): Promise<void> {
  const seen = await (hasLogText(readiness.when)
    ? untilLogged(readiness, readiness.when.log, log, signal)
    : untilChecked(readiness, replica, signal));
  if (seen === undefined) return assertOurs(readiness, replica);
  throw new SweeplineError(
    'SERVER_NOT_READY',
    `${readiness.role} was not ready within ${readiness.timeoutS} s (last check: ${seen})`,
    {
      where: { node: replica.executor.node.name },
      hint: 'Read its server.log; if it only needs longer, raise its ready timeout.',
    },
  );
}

function hasLogText(when: Readiness['when']): when is { readonly log: string } {
  return 'log' in when;
}

/** Undefined when ready, else what was seen instead. */
async function untilLogged(
  { timeoutS }: Readiness,
  text: string,
  log: ServerLog,
  signal: AbortSignal,
): Promise<string | undefined> {
  const isFound = await foundInLog(
    log,
    text,
    AbortSignal.any([signal, AbortSignal.timeout(timeoutS * 1000)]),
  );
  signal.throwIfAborted();
  return isFound ? undefined : `no "${text}" in the log`;
}

async function untilChecked(
  readiness: Readiness,
  replica: Replica,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = performance.now() + readiness.timeoutS * 1000;
  let seen: string | undefined = 'nothing yet';
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    seen = await check(readiness, replica, signal);
    if (seen === undefined) break;
    await delay(POLL_MS, undefined, { signal });
  }
  return seen;
}

function check({ when }: Readiness, replica: Replica, signal: AbortSignal): Promise<string | undefined> {
  if ('http' in when) return checkHttp(replica, when.http, when.expect, signal);
  if ('tcp' in when) return checkTcp(replica, when.tcp);
  return 'exec' in when ? checkExec(replica, when.exec, signal) : Promise.resolve(undefined);
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
  { address, executor }: Replica,
  path: string,
  expect: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = `http://${address.host}:${firstPort(address.ports)}${path}`;
  try {
    const { status, body } = await executor.http({ url }, forOneCheck(signal));
    if (status < 200 || status > 299) return `GET ${path} answered ${status}`;
    return expect === undefined || body.includes(expect)
      ? undefined
      : `GET ${path} answered without "${expect}"`;
  } catch (error) {
    return `GET ${path}: ${messageOf(error)}`;
  }
}

async function checkTcp({ address, executor }: Replica, name: string): Promise<string | undefined> {
  const port = address.ports[name];
  if (port === undefined) return `the role has no port ${name}`;
  return (await executor.portInUse(port)) ? undefined : `port ${port}: nothing accepts connections`;
}

function firstPort(ports: Replica['address']['ports']): number | undefined {
  return Object.values(ports)[0];
}

/** Another program on a server's port would be measured in its place. */
async function assertOurs({ role, when }: Readiness, { executor, address }: Replica): Promise<void> {
  const port =
    'tcp' in when ? address.ports[when.tcp] : 'http' in when ? firstPort(address.ports) : undefined;
  if (port === undefined || (await executor.isOurs?.(port)) !== false) return;
  throw portTaken(
    `what answers on port ${port} of ${executor.node.name} was not started as ${role}: another program has its port`,
    executor.node.name,
  );
}
