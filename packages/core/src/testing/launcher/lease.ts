import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_CONTAINER_SETTINGS } from '../../plugin/index.js';
import type { Executor, NodeLauncher, NodeLease, NodeRequest, Sku } from '../../plugin/index.js';

/** A launcher, and what the nodes that it gets are like. */
export interface LauncherSubject {
  readonly launcher: NodeLauncher;
  /** How many it can give at once; at most four are asked for. */
  readonly nodes: number;
  readonly sku: Sku;
  /** The runner's cluster, for launchers that need one. */
  readonly cluster?: NodeRequest['cluster'];
  /** Node.js on the nodes. */
  readonly program: string;
}

/** A signal that is never aborted. */
export const never: AbortSignal = new AbortController().signal;
/** Milliseconds that programs have to end. */
export const GRACE_MS = 5_000;

/** Gets nodes for as long as they are used. */
export async function withLease<T>(
  { launcher, sku, cluster }: LauncherSubject,
  nodes: number,
  use: (lease: NodeLease) => Promise<T>,
  more: Partial<NodeRequest> = {},
  signal: AbortSignal = never,
): Promise<T> {
  const localDir = await mkdtemp(join(tmpdir(), 'sweepline-lease-'));
  const request: NodeRequest = {
    token: randomBytes(16).toString('hex'),
    name: 'contract/test',
    runner: sku.name,
    sku,
    nodes,
    devicesPerNode: 0,
    ...(cluster !== undefined && { cluster }),
    container: NO_CONTAINER_SETTINGS,
    images: [],
    localDir,
    onHandle: () => {},
    ...more,
  };
  try {
    const lease = await launcher.acquire(request, signal);
    try {
      return await use(lease);
    } finally {
      await lease[Symbol.asyncDispose]();
    }
  } finally {
    await rm(localDir, { recursive: true, force: true });
  }
}

export type OnNode = (executor: Executor, subject: LauncherSubject) => Promise<void>;

/** A check of what one node does. */
export function onNode(check: OnNode): (subject: LauncherSubject) => Promise<void> {
  return (subject) => withLease(subject, 1, ({ executors }) => check(executors[0]!, subject));
}

/** A program in JavaScript. */
export function script(program: string, code: string, ...args: readonly string[]) {
  return { argv: [program, '-e', code, ...args] };
}

/** Writes the process id of a child of another session to a file. */
export const PARENT = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  child.unref();
  require('node:fs').writeFileSync('child', String(child.pid));
  console.log('started');
  setInterval(() => {}, 1000);`;

/** What has ended and was not waited for yet is still in the system's table: a zombie. */
export const IS_ALIVE = `
  const [pid] = process.argv.slice(1);
  try {
    process.kill(Number(pid), 0);
    const stat = require('node:fs').readFileSync('/proc/' + pid + '/stat', 'latin1');
    console.log(stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z') ? 'gone' : 'alive');
  } catch (error) {
    console.log(error.code === 'ESRCH' || error.path ? 'gone' : 'alive');
  }`;

/** Listens on an address and a port. */
export const SERVER = `
  const [host, port] = process.argv.slice(1);
  require('node:http').createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => { response.statusCode = request.url === '/no' ? 503 : 200; response.end(request.method + ' ' + Buffer.concat(pieces)); });
  }).listen(Number(port), host, () => console.log('listening'));`;
