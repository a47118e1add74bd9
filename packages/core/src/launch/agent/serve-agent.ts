import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { PassThrough, type Writable } from 'node:stream';
import type { Executor, ProcessHandle } from '../../plugin/node.js';
import { endFamily } from '../family.js';
import { createLocalExecutor } from '../local-executor.js';
import { encodeFrame, framesOf } from './frames.js';
import {
  agentFolder,
  greeting,
  toSent,
  type AgentMessage,
  type AgentSettings,
  type CallName,
  type Calls,
  type Request,
} from './protocol.js';

/** Milliseconds that what is left has to end. */
const LEFT_OVER_GRACE_MS = 5_000;

export interface Channel {
  readonly input: AsyncIterable<Uint8Array>;
  readonly output: Writable;
}

/** Answers calls until the last one, or until nothing can come any more; then it ends all that it started, and its folder. */
export async function serveAgent(
  { token, name, host, base }: AgentSettings,
  channel: Channel,
): Promise<void> {
  const workDir = agentFolder({ base, token, name });
  await mkdir(base, { recursive: true });
  await mkdir(workDir, { mode: 0o700 });
  const executor = createLocalExecutor({ name, host, workDir, isHere: false, session: token });
  const send = sender(channel.output);
  const clean = async (): Promise<void> => {
    await endFamily({ leaders: [], token }, LEFT_OVER_GRACE_MS);
    await rm(workDir, { recursive: true, force: true });
  };
  try {
    channel.output.write(`${greeting(token)}\n`);
    await send({ ready: { workDir, hostname: hostname() } });
    await answerAll(channel.input, send, createHandlers(executor, send, clean));
  } finally {
    await clean();
  }
}

type Send = (message: AgentMessage, body?: Uint8Array) => Promise<void>;

/** Waits where what reads is slow: an agent's memory isn't for what a process prints. */
function sender(output: Writable): Send {
  return async (message, body) => {
    if (output.destroyed || output.write(encodeFrame(message, body))) return;
    await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => {});
  };
}

async function answerAll(input: AsyncIterable<Uint8Array>, send: Send, handlers: Handlers): Promise<void> {
  const waited = new Map<number, AbortController>();
  const stop = (): void => waited.forEach((abort) => abort.abort());
  try {
    for await (const { head, body } of framesOf(input)) {
      const request = head as Request;
      if ('abort' in request) {
        waited.get(request.abort)?.abort();
        continue;
      }
      const { id, call, args } = request;
      const abort = new AbortController();
      waited.set(id, abort);
      const answered = answer(id, send, () => handlers[call](args as never, body, abort.signal));
      void answered.finally(() => waited.delete(id));
      if (call !== 'end') continue;
      await answered;
      return;
    }
  } finally {
    stop();
  }
}

async function answer(id: number, send: Send, work: () => Promise<Answered<CallName>>): Promise<void> {
  try {
    const { body, ...rest } = await work();
    await send({ id, answer: rest }, body);
  } catch (thrown) {
    await send({ id, error: toSent(thrown) });
  }
}

type Answered<N extends CallName> = Calls[N]['answer'] & { readonly body?: Uint8Array };
type Handlers = {
  readonly [N in CallName]: (
    args: Calls[N]['args'],
    body: Uint8Array,
    signal: AbortSignal,
  ) => Promise<Answered<N>>;
};

function createHandlers(executor: Executor, send: Send, clean: () => Promise<void>): Handlers {
  return {
    ...processHandlers(executor, send),
    ...fileHandlers(executor),
    run: async ({ spec }, _, signal) => ({ output: await executor.run(spec, signal) }),
    http: async ({ request }, _, signal) => ({ answer: await executor.http(request, signal) }),
    freePort: async () => ({ port: await executor.freePort() }),
    portInUse: async ({ port }) => ({ inUse: await executor.portInUse(port) }),
    async isOurs({ port }) {
      const isOurs = await executor.isOurs?.(port);
      return isOurs === undefined ? {} : { isOurs };
    },
    ping: () => Promise.resolve({}),
    async end() {
      await clean();
      return {};
    },
  };
}

function processHandlers(executor: Executor, send: Send): Pick<Handlers, 'spawn' | 'lines' | 'stop'> {
  const processes = createTable<ProcessHandle>('process');
  return {
    async spawn({ spec }, _, signal) {
      const handle = await executor.spawn(spec, signal);
      const process = processes.add(handle);
      void handle.exited.then((exit) => send({ process, exit, errors: handle.errorTail() }));
      return { process };
    },
    lines({ process }) {
      void sendLines(process, processes.get(process), send);
      return Promise.resolve({});
    },
    async stop({ process, graceMs }) {
      return { exit: await processes.get(process).stop(graceMs) };
    },
  };
}

async function sendLines(process: number, handle: ProcessHandle, send: Send): Promise<void> {
  for await (const line of handle.lines()) await send({ process, lines: [line], isEnd: false });
  await send({ process, lines: [], isEnd: true });
}

function fileHandlers(executor: Executor): Pick<Handlers, 'open' | 'piece' | 'close' | 'read'> {
  const files = createTable<{ readonly stream: PassThrough; readonly written: Promise<void> }>('file');
  return {
    open({ path, mode }) {
      const stream = new PassThrough();
      const written = executor.copyIn(stream, path, mode);
      written.catch(() => stream.destroy()); // reported with the next piece, or at the end
      return Promise.resolve({ file: files.add({ stream, written }) });
    },
    async piece({ file }, body) {
      const { stream, written } = files.get(file);
      // A copy: the frame's memory is its reader's.
      if (!stream.write(Buffer.from(body))) await Promise.race([once(stream, 'drain'), written]);
      return {};
    },
    async close({ file, failed }) {
      const { stream, written } = files.get(file);
      if (failed === undefined) stream.end();
      else stream.destroy(new Error(failed));
      await written.catch((thrown: unknown) => {
        if (failed === undefined) throw thrown;
      });
      return {};
    },
    read: async ({ path, range }) => ({ body: await executor.read(path, range) }),
  };
}

interface Table<T> {
  add(value: T): number;
  get(number: number): T;
}

function createTable<T>(what: string): Table<T> {
  const values: T[] = [];
  return {
    add: (value) => values.push(value) - 1,
    get(number) {
      const value = values[number];
      if (value === undefined) throw new Error(`there is no ${what} ${number}`);
      return value;
    },
  };
}
