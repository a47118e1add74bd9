import { join } from 'node:path';
import {
  SweeplineError,
  type Executor,
  type GroupSpec,
  type Output,
  type ProcessHandle,
  type ProcessSpec,
} from '@sweepline/core';
import type { Agent } from '@sweepline/core/launch';
import { createContainers } from './containers.js';
import { createDevices } from './devices.js';
import { createSteps, notBegun, startStep, without, type StepsOptions } from './steps.js';
import type { Watch } from './watch.js';

/** What is run on the nodes of a lease. */
export interface LeaseProcesses {
  readonly executors: readonly Executor[];
  readonly group: (spec: GroupSpec, signal: AbortSignal) => Promise<ProcessHandle>;
  /** Removes the containers that pyxis would keep. */
  readonly clean: () => Promise<void>;
}

/** Processes on the host are the agents' own; in containers, and in groups, they are steps, which the agents start by srun. */
export function leaseProcesses(agents: readonly Agent[], options: StepsOptions): LeaseProcesses {
  const { secret, watch, plan } = options;
  const stepOf = createSteps(options);
  const nodes = agents.map((agent) => ({
    agent,
    containers: createContainers(plan),
    withDevices: createDevices(agent),
  }));
  return {
    executors: nodes.map(({ agent, containers, withDevices }, node): Executor => {
      const place = { node, nodes: 1, ranksPerNode: 1, containers };
      const onHost = (spec: ProcessSpec): ProcessSpec => ({
        ...spec,
        env: { ...without(secret, spec.withoutEnv), ...spec.env },
      });
      return {
        ...agent,
        async spawn(planned, signal) {
          const spec = await withDevices(planned, signal);
          const started =
            spec.container === undefined
              ? await agent.spawn(onHost(spec), signal)
              : await startStep(stepOf(spec, place, agent.workDir), agent, options, signal);
          return confirmed(started, watch);
        },
        async run(planned, signal) {
          const spec = await withDevices(planned, signal);
          if (spec.container === undefined) return agent.run(onHost(spec), signal);
          return runStep(stepOf(spec, place, agent.workDir, true), agent, signal);
        },
      };
    }),
    async group({ nodes: numbers, ranksPerNode, log, ...planned }, signal) {
      const [node = 0] = numbers;
      if (numbers.some((number, index) => number !== node + index))
        throw new SweeplineError('PLAN_UNSUPPORTED', 'a group of processes needs nodes next to each other');
      const { agent, containers, withDevices } = nodes[node]!;
      const spec = await withDevices(planned, signal);
      const more = ['--kill-on-bad-exit=1'];
      const place = { node, nodes: numbers.length, ranksPerNode, containers, more };
      const own = { ...spec, log: join(agent.workDir, log) };
      return confirmed(await startStep(stepOf(own, place, agent.workDir), agent, options, signal), watch);
    },
    async clean() {
      const never = new AbortController().signal;
      for (const { agent, containers } of nodes) {
        // Where pyxis keeps them for all jobs, or for one, under these names; it removes the latter by itself.
        const kept = containers.given().map((name) => `pyxis_${name}`);
        if (kept.length > 0)
          await agent.run({ argv: ['enroot', 'remove', '--force', ...kept] }, never).catch(() => {});
      }
    },
  };
}

/** A step whose output srun brings. @throws {SweeplineError} when it doesn't begin */
async function runStep(
  { spec, begun }: ReturnType<ReturnType<typeof createSteps>>,
  agent: Executor,
  signal: AbortSignal,
): Promise<Output> {
  const output = await agent.run(spec, signal);
  if (output.exit.code === 0) return output;
  const hasBegun = await agent.read(begun, { from: 0, length: 1 }).then(
    () => true,
    () => false,
  );
  if (!hasBegun) throw notBegun(output.stderr, agent.node.name);
  return output;
}

/** What ends because the nodes are taken away ends after the lease is lost: the server isn't to blame. */
function confirmed(handle: ProcessHandle, watch: Watch): ProcessHandle {
  let isStopping = false;
  const exited = handle.exited.then(async (exit) => {
    if (exit.code !== 0 && !isStopping) await watch.check();
    return exit;
  });
  return {
    ...handle,
    exited,
    async stop(graceMs) {
      isStopping = true;
      await handle.stop(graceMs);
      return exited;
    },
  };
}
