import type { Executor, ProcessHandle } from '../node.js';
import type { PluginCall } from '../../watch/call.js';
import type { Limit } from '../../watch/limits.js';
import type { Owner } from './owner.js';
import { overlay } from './overlay.js';
import { answerSchema, checked, handleProblem, outputSchema, unusable } from './returned.js';
import { within } from '../../watch/within.js';

export type Namer = (call: string, limit: Limit) => PluginCall;

/** Gives the calls of a launcher's executor an end and its name. */
export function guardExecutor(executor: Executor, named: Namer, { notify }: Owner): Executor {
  const quick = async <T>(
    name: string,
    work: () => Promise<T>,
    isRight: (value: T) => boolean,
  ): Promise<T> => {
    const call = named(name, 'executor');
    const value = await within(call, work, { notify });
    if (!isRight(value)) throw unusable(call, value);
    return value;
  };
  return overlay(executor, {
    spawn: (spec, signal) => guardSpawn(() => executor.spawn(spec, signal), 'spawn', signal, named, notify),
    async run(spec, signal) {
      const call = named('run', 'run');
      return checked(
        call,
        outputSchema,
        await within(call, (own) => executor.run(spec, own), { signal, notify }),
      );
    },
    copyIn: (content, path, mode) =>
      quick(
        'copyIn',
        () => executor.copyIn(content, path, mode),
        () => true,
      ),
    copyOut: (path) => pieces(named('copyOut', 'executor'), () => executor.copyOut(path)),
    read: (path, range) => quick('read', () => executor.read(path, range), isBytes),
    // It waits for what a server writes, however long that takes.
    follow: (path, signal) => pieces(named('follow', 'run'), () => executor.follow(path, signal)),
    async http(request, signal) {
      const call = named('http', 'executor');
      return checked(
        call,
        answerSchema,
        await within(call, (own) => executor.http(request, own), { signal }),
      );
    },
    isOurs:
      executor.isOurs &&
      ((port) =>
        quick(
          'isOurs',
          () => executor.isOurs!(port),
          (ours) => ours === undefined || typeof ours === 'boolean',
        )),
    freePort: () => quick('freePort', () => executor.freePort(), isPort),
    portInUse: (port) =>
      quick(
        'portInUse',
        () => executor.portInUse(port),
        (inUse) => typeof inUse === 'boolean',
      ),
  });
}

/** A stream of bytes, each piece of which has to come in time. */
async function* pieces(call: PluginCall, open: () => AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = await within(call, () => open()[Symbol.asyncIterator]());
  let isOver = false;
  try {
    for (;;) {
      const next = await within(call, () => iterator.next());
      isOver = next.done === true;
      if (isOver) return;
      if (!isBytes(next.value)) throw unusable(call, next.value);
      yield next.value as Uint8Array;
    }
  } finally {
    if (!isOver) await within(call, () => iterator.return?.()).catch(() => {}); // left early: what it gives then is of no use
  }
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array;
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}

/** The handle of what a launcher starts, by a call that has an end and is named. */
export async function guardSpawn(
  start: () => Promise<ProcessHandle>,
  name: string,
  signal: AbortSignal,
  named: Namer,
  notify: Owner['notify'],
): Promise<ProcessHandle> {
  const call = named(name, 'executor');
  const handle = await within(call, start, {
    signal,
    notify,
    // Nobody is left who would end it.
    onLate: (late) => void late.stop(0).catch(() => {}),
  });
  const problem = handleProblem(handle);
  if (problem !== undefined) throw unusable(call, handle, problem);
  return overlay(handle, {
    // Never rejects: how it ended is then not known.
    exited: handle.exited.catch(() => ({ code: undefined, signal: undefined })),
    stop: (graceMs) => within(named('stop of a process', 'stop'), () => handle.stop(graceMs), { notify }),
  });
}
