import { SweeplineError, messageOf, type Executor } from '@sweepline/core';
import type { DockerOptions } from './options.js';

/** Milliseconds for a command that neither pulls nor waits: several of them have to fit into the time that a stop may take. */
const COMMAND_MS = 30_000;
/** The same for a daemon that has been given up: it may be there again. */
const LAST_TRY_MS = 5_000;

type Environment = Readonly<Record<string, string>>;

/** A command of the engine failed; the message has the engine's own words. */
export class EngineError extends Error {}

/** The command line of docker or podman, on the machine that Sweepline runs on. */
export interface Engine {
  readonly program: DockerOptions['program'];
  readonly host: Executor;
  /** A command with the arguments that choose the daemon. */
  argv(...args: readonly string[]): readonly string[];
  /**
   * Runs a command and gives its stdout. @param env added to the program's own environment: where it reads the values of secrets.
   * @throws {EngineError} with what it said on stderr.
   */
  ask(args: readonly string[], signal?: AbortSignal, env?: Environment): Promise<string>;
  /** The daemon doesn't answer any more: commands are given little time from now on. */
  giveUp(): void;
  /** What it knows of images or containers; empty for no names. @throws {EngineError} where one is not there. */
  inspect(kind: 'image' | 'container', names: readonly string[], signal?: AbortSignal): Promise<unknown>;
}

export function createEngine(
  host: Executor,
  { program, 'docker-context': context }: Pick<DockerOptions, 'program' | 'docker-context'>,
): Engine {
  const prefix = programArgv({ program, 'docker-context': context });
  let commandMs = COMMAND_MS;
  const ask: Engine['ask'] = async (args, signal = AbortSignal.timeout(commandMs), env = {}) => {
    const { exit, stdout, stderr } = await run(host, [...prefix, ...args], env, signal);
    signal.throwIfAborted();
    if (exit.code === 0) return stdout;
    throw new EngineError(stderr.trim() || `${program} ${args[0]} ended with ${exit.code ?? exit.signal}`);
  };
  return {
    ...{ program, host, ask },
    argv: (...args) => [...prefix, ...args],
    giveUp: () => void (commandMs = LAST_TRY_MS),
    async inspect(kind, names, signal) {
      if (names.length === 0) return [];
      return JSON.parse(await ask([kind, 'inspect', ...names], signal)) as unknown;
    },
  };
}

/** What every command begins with. */
export function programArgv(options: Pick<DockerOptions, 'program' | 'docker-context'>): readonly string[] {
  const { program, 'docker-context': context } = options;
  if (context === undefined) return [program];
  return [program, program === 'docker' ? '--context' : '--connection', context];
}

async function run(host: Executor, argv: readonly string[], env: Environment, signal: AbortSignal) {
  try {
    return await host.run({ argv, env }, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new SweeplineError('ALLOCATION_FAILED', `can't run ${argv[0]}: ${messageOf(cause)}`, {
      where: { node: host.node.name },
      hint: `Install ${argv[0]} there, or set \`program:\` of the cluster to the engine that is installed.`,
      cause,
    });
  }
}

/** Whether the daemon was not reached, or did not answer in time. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof EngineError)) return (error as { name?: unknown }).name === 'TimeoutError';
  return /cannot connect to|error during connect|daemon running|unable to connect|connection reset|unexpected EOF/i.test(
    error.message,
  );
}

/** Whether the container isn't there. */
export function isMissing(error: unknown): boolean {
  return error instanceof EngineError && /no such (container|object)|no container with/i.test(error.message);
}
