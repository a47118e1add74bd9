import type { Writable } from 'node:stream';
import { SweeplineError, messageOf } from '../../errors.js';
import type { Exit } from '../../plugin/node.js';
import { framesOf, type Frame } from './frames.js';
import { createCalls, type Call } from './calls.js';
import { greeting, type AgentMessage } from './protocol.js';

/** Milliseconds between two pings, and after which an agent that doesn't answer one is lost. */
const PING_MS = 10_000;
const SILENCE_MS = 60_000;
/** Bytes that a machine may print before an agent does. */
const MOST_NOISE_BYTES = 256 * 1024;

/** A process whose stdin and stdout lead to an agent. */
export interface AgentProcess {
  readonly stdin: Writable;
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly exited: Promise<Exit>;
  /** The end of what it wrote to stderr. */
  errorTail(): string;
  /** Ends it at once: it does not end by itself where its other end is gone. */
  kill(): void;
}

/** What an agent says without having been asked. */
export type Report = Extract<AgentMessage, { readonly process: number }>;

export interface Connection {
  readonly ready: Extract<AgentMessage, { readonly ready: unknown }>['ready'];
  readonly call: Call;
  /** Settles with the reason when the agent can't be reached any more. Calls wait until `fail` then. */
  readonly ended: Promise<string>;
  /** Fails all calls, also those to come. */
  readonly fail: (reason: string) => void;
}

export interface Wanted {
  /** Its name, for messages. */
  readonly node: string;
  readonly token: string;
  readonly onReport: (report: Report) => void;
}

/**
 * Speaks to an agent.
 * @throws {SweeplineError} NODE_UNFIT when it doesn't start
 */
export async function openConnection(
  process: AgentProcess,
  { node, token, onReport }: Wanted,
  signal: AbortSignal,
): Promise<Connection> {
  process.stdin.on('error', () => {}); // it has ended, which its stdout says as well
  const frames = framesOf(afterGreeting(process.stdout, greeting(token)))[Symbol.asyncIterator]();
  const ready = await firstOf(frames, process, node, signal);
  const calls = createCalls(process.stdin, node);
  const receive = async (): Promise<string> => {
    try {
      for (let next = await frames.next(); next.done !== true; next = await frames.next())
        if (!calls.settle(next.value)) onReport(next.value.head as Report);
    } catch (thrown) {
      return `what it sends can't be read: ${messageOf(thrown)}`;
    }
    return endOf(process);
  };
  let heartbeat: NodeJS.Timeout | undefined;
  const silent = new Promise<string>((resolve) => {
    heartbeat = setInterval(() => {
      if (calls.silentMs() > SILENCE_MS) resolve(`nothing was heard of it for ${SILENCE_MS / 1000} s`);
      else void calls.call('ping', {}).catch(() => {});
    }, PING_MS).unref();
  });
  const ended = Promise.race([receive(), silent]).finally(() => clearInterval(heartbeat));
  return { ready, call: calls.call, ended, fail: calls.fail };
}

async function firstOf(
  frames: AsyncIterator<Frame>,
  process: AgentProcess,
  node: string,
  signal: AbortSignal,
): Promise<Connection['ready']> {
  const stop = (): void => void process.stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const first = await frames.next();
    if (first.done !== true)
      return (first.value.head as Extract<AgentMessage, { readonly ready: unknown }>).ready;
    const why = await endOf(process);
    signal.throwIfAborted();
    throw unfit(node, why);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function endOf(process: AgentProcess): Promise<string> {
  const { code, signal } = await process.exited;
  const said = process.errorTail().trim();
  return said === '' ? `it ended (${signal ?? `exit code ${code}`})` : said;
}

function unfit(node: string, why: string): SweeplineError {
  return new SweeplineError('NODE_UNFIT', `the agent doesn't start on ${node}: ${why}`, {
    where: { node },
    hint: 'It is a Node.js program for Linux with glibc: `sweepline client bundle` says which versions it needs.',
  });
}

/** The stream after a line. What is before it belongs to the machine: its prologue, a greeting. */
async function* afterGreeting(stream: AsyncIterable<Uint8Array>, line: string): AsyncIterable<Uint8Array> {
  const wanted = Buffer.from(`${line}\n`);
  let noise: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of stream) {
    if (noise === undefined) {
      yield piece;
      continue;
    }
    const bytes: Buffer = Buffer.concat([noise, piece]);
    const at = bytes.indexOf(wanted);
    if (at === -1 && bytes.length > MOST_NOISE_BYTES) throw new Error('it is no agent that answers');
    noise = at === -1 ? bytes : undefined;
    if (at !== -1 && bytes.length > at + wanted.length) yield bytes.subarray(at + wanted.length);
  }
}
