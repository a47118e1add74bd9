import { spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { SweeplineError } from '@sweepline/core';
import {
  agentCommand,
  connectAgent,
  nodeBundle,
  startPiped,
  type Agent,
  type AgentProcess,
  type NodeBundle,
} from '@sweepline/core/launch';
import type { SlurmNode } from './controller.js';
import type { Environment } from './environment.js';
import { INSTALL, LOOK, shell, WITHOUT_STEP } from './scripts.js';
import { inJob } from './step.js';

const LOOPBACK = '127.0.0.1';

export interface AgentsOptions {
  readonly job: string;
  readonly token: string;
  /** How many nodes it has, and which they are. */
  readonly count: number;
  readonly nodesOf: () => Promise<readonly SlurmNode[]>;
  /** A folder on each node's own disk. */
  readonly nodeFolder: string;
  readonly localDir: string;
  /** What steps are started with. */
  readonly env: Environment;
  readonly onLost: (node: string, reason: string) => Promise<void>;
}

/**
 * An agent on each node of a job, each in a step of its own that srun connects to this machine: its ports, and the nodes' files, need
 * not be within reach. Sweepline's programs are brought where they are missing.
 * @throws {SweeplineError} NODE_UNFIT
 */
export async function startAgents(options: AgentsOptions, signal: AbortSignal): Promise<readonly Agent[]> {
  const bundle = await nodeBundle();
  const folder = posix.join(options.nodeFolder, bundle.manifest.digest);
  const [nodes] = await Promise.all([options.nodesOf(), bringPrograms(bundle, folder, options, signal)]);
  const starting = await Promise.allSettled(
    nodes.map(({ name, address }, index) => {
      // Servers without containers listen for their own machine alone, where that is all that a plan needs.
      const host = nodes.length === 1 ? LOOPBACK : address;
      return startAgent({ name, host, index }, { folder, bundle }, options, signal);
    }),
  );
  const agents = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = starting.find((one) => one.status === 'rejected');
  if (failed === undefined) return agents;
  await Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]()));
  throw failed.reason;
}

interface Brought {
  readonly folder: string;
  readonly bundle: NodeBundle;
}

interface Place {
  readonly name: string;
  readonly host: string;
  /** Its number among the job's. */
  readonly index: number;
}

function startAgent(
  { name, host, index }: Place,
  { folder, bundle }: Brought,
  { job, token, nodeFolder, env, onLost }: AgentsOptions,
  signal: AbortSignal,
): Promise<Agent> {
  // The folder has the same path on all nodes, as a step over several of them mounts it.
  const command = agentCommand(folder, { token, name: 'node', host, base: nodeFolder });
  const argv = [
    ...['srun', inJob(job), '--overlap', '--nodes=1', '--ntasks=1', `--relative=${index}`, '--chdir=/'],
    // Else what isn't a whole line is held back.
    '--unbuffered',
    ...shell(WITHOUT_STEP, 'agent'),
    ...command,
  ];
  const { digest } = bundle.manifest;
  return connectAgent(
    startPiped(argv, env),
    { token, name, host, bundle: { folder, digest }, onLost: (reason) => onLost(name, reason) },
    signal,
  );
}

async function bringPrograms(
  { files }: NodeBundle,
  folder: string,
  { job, token, count, nodeFolder, localDir, env }: AgentsOptions,
  signal: AbortSignal,
): Promise<void> {
  const onAll = [
    ...['srun', inJob(job), '--overlap', `--nodes=${count}`, '--ntasks-per-node=1', '--chdir=/'],
  ];
  const paths = files.map(({ path }) => posix.join(folder, path));
  const looking = startPiped([...onAll, ...shell(LOOK, 'look'), nodeFolder, ...paths], env, signal);
  looking.stdin.end();
  if (!(await outputOf(looking)).includes('missing')) return;
  const packed = join(localDir, 'programs');
  for (const { path, source } of files) {
    await mkdir(dirname(join(packed, path)), { recursive: true });
    await symlink(source, join(packed, path));
  }
  const tar = spawn('tar', ['--create', '--dereference', `--directory=${packed}`, '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    signal,
  });
  tar.on('error', () => {}); // what it would have sent is missing, which the step says
  const install = [...onAll, ...shell(INSTALL, 'install'), folder, token, ...paths];
  const installing = startPiped(install, env, signal);
  installing.stdin.on('error', () => {}); // it has ended, and says why
  tar.stdout.pipe(installing.stdin);
  await outputOf(installing);
}

/** @throws {SweeplineError} NODE_UNFIT with the step's words, and the node that they name */
async function outputOf(step: AgentProcess): Promise<string> {
  let text = '';
  for await (const piece of step.stdout) text += Buffer.from(piece).toString();
  const { code, signal } = await step.exited;
  if (code === 0) return text;
  const said = step.errorTail().trim();
  const node = /^srun: error: (\S+): task/m.exec(said)?.[1];
  const words = said.split('\n').filter((line) => !line.startsWith('srun: '));
  const message = `Sweepline's programs can't be brought to ${node ?? 'the nodes'}: ${words.join('; ') || said || `srun ended with ${code ?? signal}`}`;
  throw new SweeplineError('NODE_UNFIT', message, {
    ...(node !== undefined && { where: { node } }),
    hint: 'Give `node-folder` in configs/clusters.yaml a folder on the nodes with 200 MB free, or list the node under `exclude-nodes`.',
  });
}
