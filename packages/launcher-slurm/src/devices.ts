import { SweeplineError, type Executor, type ProcessSpec } from '@sweepline/core';

/** Slurm sets these for each task of a step, to all devices of its job. Source: https://slurm.schedmd.com/gres.html */
const VARIABLES = ['CUDA_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES', 'GPU_DEVICE_ORDINAL', 'ZE_AFFINITY_MASK'];

/** Those of a process that say which devices it sees. */
export function deviceVariables({ env = {} }: ProcessSpec): readonly (readonly [string, string])[] {
  return Object.entries(env).filter(([name]) => VARIABLES.includes(name));
}

/**
 * Gives a process the devices of the job that its plan counts from 0: on a node that is shared, others have the first ones.
 * @param agent a process of the job on the node
 */
export function createDevices(
  agent: Executor,
): (spec: ProcessSpec, signal: AbortSignal) => Promise<ProcessSpec> {
  const granted = new Map<string, Promise<readonly string[]>>();
  const grantedBy = (name: string, signal: AbortSignal): Promise<readonly string[]> => {
    const known = granted.get(name) ?? askFor(agent, name, signal);
    granted.set(name, known);
    known.catch(() => granted.delete(name));
    return known;
  };
  return async (spec, signal) => {
    const own = deviceVariables(spec).map(
      async ([name, planned]) =>
        [name, among(await grantedBy(name, signal), planned, agent.node.name)] as const,
    );
    return own.length === 0
      ? spec
      : { ...spec, env: { ...spec.env, ...Object.fromEntries(await Promise.all(own)) } };
  };
}

/** None where Slurm hands out no devices. */
async function askFor(agent: Executor, name: string, signal: AbortSignal): Promise<readonly string[]> {
  const { exit, stdout } = await agent.run({ argv: ['printenv', name] }, signal);
  return exit.code === 0 ? stdout.trim().split(',') : [];
}

/** @throws {SweeplineError} NODE_UNFIT where the job lacks one: a device of that number may be another's */
function among(granted: readonly string[], planned: string, node: string): string {
  if (granted.length === 0 || !/^\d+(?:,\d+)*$/.test(planned)) return planned;
  const own = planned.split(',').map((number) => granted[Number(number)]);
  if (own.every((device) => device !== undefined)) return own.join(',');
  const message = `the job has ${granted.length} devices of ${node} (${granted.join(',')}), and the plan takes number ${planned} of them`;
  throw new SweeplineError('NODE_UNFIT', message, {
    where: { node },
    hint: 'Let the job get all devices of the plan: `allocation-args` in configs/clusters.yaml may ask for fewer.',
  });
}
