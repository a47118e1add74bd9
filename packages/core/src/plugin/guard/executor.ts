import type { Executor, ProcessHandle, ProcessSpec } from '../node.js';
import type { PluginCall } from '../../watch/call.js';
import type { Limit } from '../../watch/limits.js';
import type { Owner } from './owner.js';
import { overlay } from './overlay.js';
import { checked, handleProblem, outputSchema, unusable } from './returned.js';
import { within } from '../../watch/within.js';

type Namer = (call: string, limit: Limit) => PluginCall;

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
    spawn: (spec, signal) => spawn(executor, spec, signal, named, notify),
    async run(spec, signal) {
      const call = named('run', 'run');
      return checked(
        call,
        outputSchema,
        await within(call, (own) => executor.run(spec, own), { signal, notify }),
      );
    },
    put: (path, content) =>
      quick(
        'put',
        () => executor.put(path, content),
        () => true,
      ),
    get: (path) => quick('get', () => executor.get(path), isBytes),
    read: (path, range) => quick('read', () => executor.read(path, range), isBytes),
    freePort: () => quick('freePort', () => executor.freePort(), isPort),
    portInUse: (port) =>
      quick(
        'portInUse',
        () => executor.portInUse(port),
        (inUse) => typeof inUse === 'boolean',
      ),
  });
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array;
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}

async function spawn(
  executor: Executor,
  spec: ProcessSpec,
  signal: AbortSignal,
  named: Namer,
  notify: Owner['notify'],
): Promise<ProcessHandle> {
  const call = named('spawn', 'executor');
  const handle = await within(call, () => executor.spawn(spec, signal), {
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
