import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  SweeplineError,
  type Executor,
  type Exit,
  type ProcessHandle,
  type ProcessSpec,
} from '@sweepline/core';
import { within } from '@sweepline/core/launch';
import type { ContainerPlan, Containers } from './containers.js';
import { deviceVariables } from './devices.js';
import type { Environment } from './environment.js';
import { memoryWords } from './job-state.js';
import { RUN, shell } from './scripts.js';
import { inJob, step } from './step.js';
import type { Watch } from './watch.js';

/** Milliseconds that what was killed has to be gone. */
const KILL_WAIT_MS = 10_000;
/** Milliseconds between two looks whether a step has begun. */
const LOOK_MS = 200;

export interface StepsOptions {
  readonly plan: ContainerPlan;
  /** Variables with secrets, which come to nodes by the agent's connection alone. */
  readonly secret: Environment;
  readonly watch: Watch;
}

/** Where a step goes. */
export interface StepPlace {
  /** Number of its first node. */
  readonly node: number;
  readonly nodes: number;
  readonly ranksPerNode: number;
  readonly containers: Containers;
  /** More arguments of srun. */
  readonly more?: readonly string[];
}

/** A step as a process of the agent on its first node. */
export interface Step {
  readonly spec: ProcessSpec;
  /** Its name in Slurm. */
  readonly name: string;
  readonly program: string;
  /** A file on its node that is there once it has begun: what srun says before is its own. */
  readonly begun: string;
}

/** Makes the steps of a lease: each has a name of its own, by which it is found. */
export function createSteps({ plan, secret }: StepsOptions) {
  let count = 0;
  return (spec: ProcessSpec, place: StepPlace, workDir: string, isSetUp = false): Step => {
    const name = `sweepline-${(count += 1)}`;
    const begun = join(workDir, `.${name}`);
    const { containers, more = [], ...placed } = place;
    const { cwd = workDir, withoutEnv } = spec;
    const settings = containers.settingsOf(spec, isSetUp, workDir);
    const { argv, env } = step(
      { workspace: workDir, deviceSettings: plan.deviceSettings },
      settings,
      {
        ...placed,
        argv: [...shell(RUN, 'run'), begun, spec.log ?? '', ...withDevices(spec)],
        env: { ...without(secret, spec.withoutEnv), ...spec.env },
        cwd,
      },
      [
        inJob(plan.job),
        `--job-name=${name}`,
        ...(spec.container === undefined ? [`--chdir=${cwd}`] : []),
        ...more,
      ],
    );
    return {
      name,
      begun,
      program: spec.argv[0] ?? '',
      spec: { argv, env, cwd: workDir, ...(withoutEnv !== undefined && { withoutEnv }) },
    };
  };
}

/** A command that sees its own devices, whatever Slurm has set before. */
function withDevices(spec: ProcessSpec): readonly string[] {
  const devices = deviceVariables(spec).map(([name, value]) => `${name}=${value}`);
  return devices.length === 0 ? spec.argv : ['env', ...devices, ...spec.argv];
}

/** Starts a step, and waits until it has begun. @throws {SweeplineError} with srun's words when it doesn't */
export async function startStep(
  { spec, name, begun, program }: Step,
  agent: Executor,
  { plan, watch }: StepsOptions,
  signal: AbortSignal,
): Promise<ProcessHandle> {
  const handle = await agent.spawn(spec, signal);
  const hasBegun = (): Promise<boolean> =>
    agent.read(begun, { from: 0, length: 1 }).then(
      () => true,
      () => false,
    );
  let exit: Exit | undefined;
  void handle.exited.then((ended) => (exit = ended));
  while (!(await hasBegun())) {
    if (exit !== undefined && !(await hasBegun())) {
      await watch.check();
      throw notBegun(handle.errorTail(), agent.node.name);
    }
    if (signal.aborted) {
      await handle.stop(0);
      throw signal.reason;
    }
    await delay(LOOK_MS);
  }
  return stoppable({ ...handle, name: program }, name, agent, plan.job);
}

/** On SIGTERM srun kills its step at once; a step that gets time to end is signalled through Slurm instead. */
function stoppable(handle: ProcessHandle, name: string, agent: Executor, job: string): ProcessHandle {
  const exited = handle.exited.then((exit) => withMemory(exit, handle.errorTail()));
  return {
    ...handle,
    exited,
    async stop(graceMs) {
      const send = (signal: string): Promise<void> => signalStep(signal, name, agent, job);
      if (graceMs > 0) {
        await send('TERM');
        const exit = await within(graceMs, exited);
        if (exit !== undefined) return exit;
      }
      await send('KILL');
      await within(KILL_WAIT_MS, exited);
      await handle.stop(0);
      return exited;
    },
  };
}

async function signalStep(signal: string, name: string, agent: Executor, job: string): Promise<void> {
  const never = new AbortController().signal;
  const asked = ['squeue', '--steps', `--jobs=${job}`, '--noheader', '--format=%i|%j'];
  const { stdout } = await agent.run({ argv: asked }, never);
  const rows = stdout.split('\n').map((line) => line.trim().split('|'));
  const id = rows.find(([, found]) => found === name)?.[0];
  if (id !== undefined) await agent.run({ argv: ['scancel', `--signal=${signal}`, id] }, never);
}

function withMemory(exit: Exit, said: string): Exit {
  return memoryWords(said) === undefined ? exit : { ...exit, outOfMemory: true };
}

/** What kept a step from beginning is no fault of the program in it. */
export function notBegun(said: string, node: string): SweeplineError {
  const words = said.trim() || 'srun says nothing';
  const isImage = /pyxis|enroot|container/i.test(words);
  return new SweeplineError(
    isImage ? 'IMAGE_UNAVAILABLE' : 'NODE_UNFIT',
    `a step on ${node} did not begin: ${words}`,
    {
      where: { node },
      hint: isImage
        ? 'Look whether the image can be started there by hand: `srun --container-image=… true`.'
        : 'List the node under `exclude-nodes` in configs/clusters.yaml if others do better.',
    },
  );
}

export function without(env: Environment, names: readonly string[] = []): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
