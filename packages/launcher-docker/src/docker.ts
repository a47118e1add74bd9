import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  SweeplineError,
  THIS_MACHINE,
  messageOf,
  type LaunchNeeds,
  type LeftSession,
  type NodeLauncher,
  type NodeLease,
  type NodeRequest,
  type Site,
} from '@sweepline/core';
import { agentFolder, createLocalExecutor, portOf, startGuardian } from '@sweepline/core/launch';
import { dockerCommands } from './commands.js';
import { agentSettings } from './agent-container.js';
import { findDaemon, type PlacedDaemon } from './daemon.js';
import { diagnose } from './diagnose.js';
import { createEngine } from './engine.js';
import { createImages } from './images.js';
import { closeLease, handleOf, openLease, type Held } from './lease.js';
import { beginSession, removeLeft, removeSession } from './leftovers.js';
import { dockerOptions, type DockerOptions } from './options.js';
import { nodeFolders, ownSettings, type Given } from './settings.js';

const REMOVE_MAIN = fileURLToPath(new URL('remove-main.js', import.meta.url));

/** The machine of docker's daemon, on which it starts containers. */
export const docker: NodeLauncher = {
  kind: 'launcher',
  name: 'docker',
  apiVersion: 2,
  options: dockerOptions,
  commands: dockerCommands,
  refuses,
  site,
  acquire,
  endLeft,
  diagnose,
};

function refuses({ runner, nodes, groups: [group] }: LaunchNeeds): string | undefined {
  if (nodes > 1) return `launcher docker has one node, the job on ${runner} needs ${nodes}`;
  if (group === undefined) return undefined;
  return `launcher docker starts no groups of processes, and ${group} of the job on ${runner} is one`;
}

/** The machine of the daemon: two contexts may lead to one. */
async function site(cluster: NodeRequest['cluster'], signal: AbortSignal): Promise<Site> {
  const { name, isHere } = await findDaemon(createEngine(createLocalExecutor(), optionsOf(cluster)), signal);
  return { machine: isHere ? THIS_MACHINE : name };
}

async function acquire(request: NodeRequest, signal: AbortSignal): Promise<NodeLease> {
  signal.throwIfAborted();
  const { token, runner, nodes, onNote = () => {} } = request;
  const reason = refuses({ runner, nodes, images: [], groups: [] });
  if (reason !== undefined) throw new SweeplineError('PLAN_UNSUPPORTED', reason);
  request.onHandle(handleOf(token));
  const options = optionsOf(request.cluster);
  const looking = createEngine(createLocalExecutor(), options);
  const daemon = await findDaemon(looking, signal);
  for (const line of await removeLeft(looking, signal))
    onNote(`left by a Sweepline that was killed: ${line}`);
  const held = await hold(request, options, daemon);
  const isPlatformChosen = held.settings.args.some((argument) => argument.startsWith('--platform'));
  const { engine } = held;
  const images = createImages({ engine, daemon, pull: options.pull, isPlatformChosen, onNote });
  try {
    return await openLease(held, images, signal);
  } catch (error) {
    await closeLease(held).catch((thrown: unknown) => (request.onLeft ?? onNote)(messageOf(thrown)));
    throw error;
  }
}

/** The session's folder, its guardian, and how its containers are started. */
async function hold(request: NodeRequest, options: DockerOptions, daemon: PlacedDaemon): Promise<Held> {
  const { token, localDir, onNote = () => {} } = request;
  const { name, isHere } = daemon;
  const workDir = resolve(localDir, 'node');
  await mkdir(workDir, { recursive: true });
  beginSession(token);
  const guardian = startGuardian(token, onNote);
  const { program, 'docker-context': context } = options;
  const how = JSON.stringify({ program, 'docker-context': context });
  guardian.atDeath([process.execPath, REMOVE_MAIN, how, token, ...(isHere ? [workDir] : [])]);
  // Its errors are about the machine of the daemon.
  const engine = createEngine(createLocalExecutor({ name, workDir, session: token, guardian }), options);
  const given = givenOf(request, options, daemon, workDir);
  return { request, engine, daemon, given, guardian, settings: ownSettings(given) };
}

function givenOf(
  request: NodeRequest,
  options: DockerOptions,
  { name: hostname, isHere }: PlacedDaemon,
  workDir: string,
): Given {
  const { token, runner: node, cluster, container, images } = request;
  const { username: user, uid } = userInfo();
  const [image] = images;
  const known = {
    ...{ options, deviceSettings: container, workspace: workDir, user, uid, node, hostname },
    port: cluster === undefined ? 0 : portOf(cluster, { node, user }),
    ...(image !== undefined && { image }),
  };
  return isHere ? known : { ...known, workspace: agentFolder(agentSettings(token, nodeFolders(known).base)) };
}

function optionsOf(cluster: NodeRequest['cluster']): DockerOptions {
  return dockerOptions.parse(cluster?.options ?? {});
}

function endLeft({ token, cluster }: LeftSession, signal: AbortSignal): Promise<readonly string[]> {
  return removeSession(createEngine(createLocalExecutor(), optionsOf(cluster)), token, signal);
}
