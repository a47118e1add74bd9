import { messageOf, type Exit, type ProcessHandle, type ProcessSpec } from '@sweepline/core';
import { markedWith, within } from '@sweepline/core/launch';
import { containerArguments, type ContainerSettings } from './container-arguments.js';
import { isUnreachable, type Engine } from './engine.js';
import type { Images } from './images.js';
import { removeContainer } from './leftovers.js';
import { OWNER_LABEL, TOKEN_LABEL, ownOwner } from './owner.js';
import type { Machine } from './machine.js';
import { withSlash } from './settings.js';
import { containerName } from './container-name.js';
import { startError } from './start-errors.js';
import { hasStarted, isRunning, stateOf, untilStarted } from './state.js';

export interface ContainerOptions {
  readonly engine: Engine;
  readonly images: Images;
  readonly settings: ContainerSettings;
  readonly token: string;
  readonly machine: Pick<Machine, 'logFile'>;
  /** Called with the reason when the engine doesn't answer any more. */
  readonly onLost: (reason: string) => void;
}

/** Starts containers and knows which run. */
export interface Containers {
  /** Names of those that run, by the names that specs give them. */
  readonly running: ReadonlyMap<string, string>;
  start(
    spec: ProcessSpec,
    image: string,
    role: string | undefined,
    signal: AbortSignal,
  ): Promise<ProcessHandle>;
}

export function createContainers(options: ContainerOptions): Containers {
  const { engine, images, settings, token } = options;
  const running = new Map<string, string>();
  const node = engine.host.node.name;
  /** How often each name was given out: a server that is started again must not meet the container of the one before. */
  const uses = new Map<string, number>();
  const nameFor = (key: string): string => {
    const use = (uses.get(key) ?? 0) + 1;
    uses.set(key, use);
    return containerName(token, use === 1 ? key : `${key}-${use}`);
  };

  async function create(spec: ProcessSpec, image: string, name: string, signal: AbortSignal): Promise<void> {
    const { id } = await images.get(image, signal);
    const marked = markedWith(`${token}.${name}`);
    const { args, env } = containerArguments(
      {
        ...{ name, image, argv: spec.argv, env: { ...spec.env, ...marked } },
        labels: { [TOKEN_LABEL]: token, [OWNER_LABEL]: ownOwner() },
        ...(spec.cwd !== undefined && { cwd: spec.cwd }),
      },
      { ...settings, passEnv: settings.passEnv.filter((one) => !spec.withoutEnv?.includes(one)) },
    );
    try {
      await engine.ask(['create', '--pull=never', ...args], signal, env);
      const { image: taken } = await stateOf(engine, name, signal);
      if (taken !== id) throw new Error(`the tag of ${image} was moved from ${id} to ${taken} meanwhile`);
    } catch (cause) {
      await removeContainer(engine, name).catch(() => {}); // the reason of the failure is worth more
      signal.throwIfAborted();
      throw startError(`a container of ${image}`, messageOf(cause), node, cause);
    }
  }

  return {
    running,
    async start(spec, image, role, signal) {
      const key = role ?? 'run';
      const name = nameFor(key);
      await create(spec, withSlash(image), name, signal);
      if (role !== undefined) running.set(role, name);
      const handle = await attach(name, spec, options, signal).catch(async (thrown: unknown) => {
        if (role !== undefined) running.delete(role);
        await removeContainer(engine, name).catch(() => {}); // the reason of the failure is worth more
        throw thrown;
      });
      void handle.exited.then(() => running.get(key) === name && running.delete(key));
      return handle;
    },
  };
}

/** Starts a container with a client attached to it from its first byte on, which writes the log. */
async function attach(
  name: string,
  { argv: [program = ''], log }: ProcessSpec,
  { engine, machine, onLost }: ContainerOptions,
  signal: AbortSignal,
): Promise<ProcessHandle> {
  const argv = engine.argv('start', '--attach', name);
  const client = await engine.host.spawn(
    { argv, ...(log !== undefined && { log: machine.logFile(log) }) },
    signal,
  );
  const lines = readAtOnce(client);
  const state = await untilStarted(engine, name, client.exited, signal);
  if (!hasStarted(state)) {
    const words = state.error || client.errorTail();
    await client.stop(0);
    throw startError(program, words, engine.host.node.name);
  }
  const exited = endOf(name, client, engine, onLost);
  const gone = exited.then(() => removeContainer(engine, name));
  gone.catch(() => {}); // what is left is removed with the lease
  return {
    name: program,
    exited,
    lines,
    errorTail: () => client.errorTail(),
    async stop(graceMs) {
      await engine.ask(['kill', '--signal=TERM', name]).catch(() => {}); // it may have ended
      if ((await within(graceMs, exited)) === undefined) await removeContainer(engine, name).catch(() => {});
      await client.stop(0);
      await gone.catch(() => {});
      return exited;
    },
  };
}

/** How a container ended, as the engine says: its client may have been killed alone. */
async function endOf(
  name: string,
  client: ProcessHandle,
  engine: Engine,
  onLost: (reason: string) => void,
): Promise<Exit> {
  const exit = await client.exited;
  try {
    let state = await stateOf(engine, name);
    if (isRunning(state)) {
      await engine.ask(['wait', name], new AbortController().signal);
      state = await stateOf(engine, name);
    }
    const { code, isOutOfMemory } = state;
    return { code, signal: undefined, ...(isOutOfMemory && code !== 0 && { outOfMemory: true }) };
  } catch (error) {
    if (isUnreachable(error)) {
      onLost(`${engine.program} does not answer any more: ${messageOf(error)}`);
      return { code: undefined, signal: undefined };
    }
    return exit; // It was removed; the client says how that ended it.
  }
}

/** Begins to read before anybody asks for lines: what a program prints that ends at once would be thrown away meanwhile. */
function readAtOnce(client: ProcessHandle): () => AsyncIterable<string> {
  const iterator = client.lines()[Symbol.asyncIterator]();
  const first = iterator.next();
  first.catch(() => {}); // thrown to the reader
  return async function* () {
    try {
      for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  };
}
