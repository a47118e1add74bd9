import { posix } from 'node:path';
import { SweeplineError, messageOf } from '@sweepline/core';
import {
  agentCommand,
  agentFolder,
  connectAgent,
  markedWith,
  nodeBundle,
  startPiped,
  type Agent,
  type AgentSettings,
} from '@sweepline/core/launch';
import { containerArguments, type ContainerSettings } from './container-arguments.js';
import type { Daemon } from './daemon.js';
import type { Engine } from './engine.js';
import { withoutGroups } from './groups.js';
import { FOLDER_LABEL, OWNER_LABEL, TOKEN_LABEL, ownOwner } from './owner.js';
import { bind } from './settings.js';
import { containerName } from './container-name.js';
import { startError } from './start-errors.js';

/** Folder of Sweepline's programs in the container. */
export const PROGRAMS = '/sweepline';
/** Where the machine's own groups are read: the image's may have other numbers. */
export const GROUPS = '/etc/group';

/** Whatever the image says of its server: its user, how it is stopped, what asks it again and again whether it is well. */
const OWN = ['--init', '--interactive', '--user=0', '--stop-signal=SIGTERM', '--no-healthcheck'];
/** What the agent says isn't for the daemon's logs: it has whole files in it. */
const UNLOGGED = '--log-driver=none';

export interface AgentContainer {
  readonly engine: Engine;
  readonly daemon: Daemon;
  readonly token: string;
  readonly image: string;
  readonly settings: Pick<ContainerSettings, 'program' | 'devices'>;
  /** Folders of the machine, each at its own path. */
  readonly folders: readonly string[];
  /** That of them in which the agent makes its own. */
  readonly base: string;
  readonly onLost: (reason: string) => void;
}

/**
 * Starts an agent on the machine of a daemon, in a container with the network, the devices and the folders of that machine. It speaks
 * through its client here; when that ends, the agent ends what it has started, removes its folder and ends. Programs are brought, so that
 * the image needs none. What is left of it after a failure is found by its labels.
 * @throws {SweeplineError} NODE_UNFIT where it doesn't start, with the reason
 */
export async function startAgent(container: AgentContainer, signal: AbortSignal): Promise<Agent> {
  const { engine, daemon, token, image, base, onLost } = container;
  const bundle = await nodeBundle();
  const name = containerName(token, 'agent');
  const what = `the agent in a container of ${image}`;
  const own = agentSettings(token, base);
  try {
    await engine.ask(['create', '--pull=never', ...argumentsOf(name, own, container)], signal);
    for (const { path, source } of bundle.files)
      await engine.ask(['cp', source, `${name}:${posix.join(PROGRAMS, path)}`], signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw startError(what, messageOf(cause), daemon.name, cause);
  }
  const argv = engine.argv('start', '--attach', '--interactive', name);
  const client = startPiped(argv, { ...process.env, ...markedWith(token) });
  const known = {
    ...{ token, name: daemon.name, host: own.host },
    bundle: { folder: PROGRAMS, digest: bundle.manifest.digest },
    onLost(reason: string) {
      engine.giveUp();
      onLost(`${daemon.name} can't be reached any more: ${reason}`);
    },
  };
  return connectAgent(client, known, signal).catch((thrown: unknown) => {
    const words = client.errorTail();
    if (/^Error response from daemon/m.test(words)) throw startError(what, words, daemon.name, thrown);
    throw words.includes(PROGRAMS) ? unsuitable(container, words, thrown) : thrown;
  });
}

/** What the loader says of a program that it can't run, or the kernel. */
function unsuitable({ image, daemon }: AgentContainer, words: string, cause: unknown): SweeplineError {
  const message = `Sweepline's agent does not run in a container of ${image}: ${words.trim()}`;
  return new SweeplineError('NODE_UNFIT', message, {
    where: { node: daemon.name },
    hint: `Set \`agent-image:\` of the cluster to an image with glibc and libstdc++, such as debian:stable-slim. The machine must have the architecture of this one (${process.arch}).`,
    cause,
  });
}

/** What the agent of a session is started with. */
export function agentSettings(token: string, base: string): AgentSettings {
  return { token, name: 'node', host: '127.0.0.1', base };
}

/** The network is that of the machine, as its servers are asked on 127.0.0.1; processes of others aren't seen. */
function argumentsOf(name: string, own: AgentSettings, container: AgentContainer): readonly string[] {
  const { token, settings, folders, image } = container;
  const labels = {
    [TOKEN_LABEL]: token,
    [OWNER_LABEL]: ownOwner(),
    [FOLDER_LABEL]: agentFolder(own),
  };
  const mounts = folders.map((folder) => bind(folder, folder));
  const { args } = containerArguments(
    { name, labels, image, argv: agentCommand(PROGRAMS, own), env: { NODE_OPTIONS: '' }, cwd: PROGRAMS },
    {
      program: settings.program,
      args: [...OWN, UNLOGGED],
      // Root needs no groups, and the image may not know their names.
      devices: withoutGroups(settings.devices),
      mounts: [...mounts, bind(GROUPS, `${GROUPS}:ro`)].map((mount) => `--mount=${mount}`),
      ...{ cwd: PROGRAMS, env: {}, passEnv: [] },
    },
  );
  return args;
}
