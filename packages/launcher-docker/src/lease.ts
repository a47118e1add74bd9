import {
  SweeplineError,
  formatError,
  messageOf,
  toSweeplineError,
  type NodeLease,
  type NodeRequest,
} from '@sweepline/core';
import { endFamily, runBefore, type Guardian } from '@sweepline/core/launch';
import type { ContainerSettings } from './container-arguments.js';
import { createContainers } from './containers.js';
import type { PlacedDaemon } from './daemon.js';
import type { Engine } from './engine.js';
import { createDockerExecutor } from './executor.js';
import { withGroupNumbers } from './groups.js';
import { removeFolder } from './hand-back.js';
import type { Images } from './images.js';
import { endSession, removeSession } from './leftovers.js';
import { machineHere, type Machine } from './machine.js';
import { TOKEN_LABEL } from './owner.js';
import { remoteMachine } from './remote-machine.js';
import { nodeFolders, withSlash, type Given, type ownSettings } from './settings.js';

/** Milliseconds that what outlived its server has to end. */
const LEFT_OVER_GRACE_MS = 2_000;

/** What a session holds until it is closed. */
export interface Held {
  readonly request: NodeRequest;
  readonly engine: Engine;
  readonly daemon: PlacedDaemon;
  readonly given: Given;
  readonly settings: ReturnType<typeof ownSettings>;
  readonly guardian: Guardian;
}

/** What finds a session's containers: `docker ps --all --filter label=HANDLE`. */
export function handleOf(token: string): string {
  return `${TOKEN_LABEL}=${token}`;
}

/** Fetches the images, runs the commands that come before all others, and gives the node. */
export async function openLease(held: Held, images: Images, signal: AbortSignal): Promise<NodeLease> {
  const { request, engine } = held;
  const { token } = request;
  const facts = await factsOf(request.images, images, signal);
  for (const argv of held.settings.after) held.guardian.atDeath(argv);
  await runBefore(held.settings.before, engine.host, signal);
  let onLost: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => (onLost = resolve));
  const machine = await machineOf(held, images, onLost, signal);
  const settings = withNumbers(held.settings, machine.groups);
  const options = { engine, images, settings, token, machine, onLost };
  let closed: Promise<void> | undefined;
  return {
    handle: handleOf(token),
    executors: [createDockerExecutor(machine.executor, createContainers(options), options)],
    images: facts,
    lost,
    [Symbol.asyncDispose]: () => (closed ??= closeLease(held, machine)),
  };
}

/** @throws {SweeplineError} PLAN_UNSUPPORTED or NODE_UNFIT for another machine, where no agent can be started */
async function machineOf(
  { request, engine, daemon, given, settings }: Held,
  images: Images,
  onLost: (reason: string) => void,
  signal: AbortSignal,
): Promise<Machine> {
  if (daemon.isHere) return machineHere(engine.host);
  const { token } = request;
  const image = given.options['agent-image'] ?? request.images[0];
  if (image === undefined) {
    const message = `docker is on ${daemon.name}, and there is no image that Sweepline's agent could run in there`;
    throw new SweeplineError('PLAN_UNSUPPORTED', message, {
      hint: 'Set `agent-image:` of the cluster: any image with glibc.',
    });
  }
  await images.get(withSlash(image), signal);
  const place = { engine, daemon, token, image: withSlash(image), settings, onLost, ...nodeFolders(given) };
  return remoteMachine(place, settings.passEnv, signal);
}

/** Groups by the numbers that the machine has for them. */
function withNumbers<T extends ContainerSettings>(settings: T, groups: string): T {
  const { args, devices } = settings;
  return { ...settings, args: withGroupNumbers(args, groups), devices: withGroupNumbers(devices, groups) };
}

async function factsOf(
  names: readonly string[],
  images: Images,
  signal: AbortSignal,
): Promise<NonNullable<NodeLease['images']>> {
  const found = names.map(async (name) => [name, await images.get(withSlash(name), signal)] as const);
  return Object.fromEntries(await Promise.all(found));
}

/** Ends and removes everything of the session; one failure doesn't stop the rest. @throws {SweeplineError} for what could not be removed. */
export async function closeLease(
  { request, engine, daemon, settings, guardian }: Held,
  machine?: Machine,
): Promise<void> {
  const { host } = engine;
  const problems: SweeplineError[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((thrown: unknown) => problems.push(toSweeplineError(thrown, 'NODE_WRITE_FAILED')));
  };
  await attempt(async () => machine?.[Symbol.asyncDispose]());
  await attempt(() => removeContainers(engine, request.token));
  for (const argv of settings.after) {
    await attempt(() => host.run({ argv }, new AbortController().signal));
  }
  // Daemons that commands left; and what runs in containers of a daemon that has ended, where this user may end that.
  await endFamily({ leaders: [], token: request.token }, LEFT_OVER_GRACE_MS);
  await guardian.close();
  endSession(request.token);
  // Containers that are here may have left files there.
  const image = daemon.isHere ? request.images[0] : undefined;
  await attempt(() => removeFolder(host.workDir, image && withSlash(image), engine));
  const error = SweeplineError.together(problems, problems.map(formatError).join('; '));
  if (error !== undefined) throw error;
}

async function removeContainers(engine: Engine, token: string): Promise<void> {
  try {
    await removeSession(engine, token);
  } catch (cause) {
    const { program } = engine;
    throw new SweeplineError(
      'LEASE_LOST',
      `containers of this session may be left, as ${program} does not remove them: ${messageOf(cause)}`,
      {
        where: { node: engine.host.node.name },
        hint: `They are removed before the next session on that node, or with \`${program} rm --force $(${program} ps --all --quiet --filter label=${handleOf(token)})\`.`,
        cause,
      },
    );
  }
}
