import type { Executor, NodeLauncher, Plugin, ProcessSpec } from '@sweepline/core';
import { createLocalLauncher } from '@sweepline/core/launch';

/** The command that starts each program on this machine. Put yours here, such as `['numactl', '--cpunodebind=0']`. */
const PREFIX = ['env', 'STARTED_BY=my-plugin'];

/** This machine as the only node. Launchers of other nodes write their own executors. */
const local = createLocalLauncher({ warn: (message) => console.error(message) }, 'my-plugin');

export const launcher: NodeLauncher = {
  ...local,
  async acquire(request, signal) {
    const lease = await local.acquire(request, signal);
    return { ...lease, executors: lease.executors.map(withPrefix) };
  },
};

function withPrefix(executor: Executor): Executor {
  const prefixed = (spec: ProcessSpec): ProcessSpec => ({ ...spec, argv: [...PREFIX, ...spec.argv] });
  return {
    ...executor,
    spawn: (spec, signal) => executor.spawn(prefixed(spec), signal),
    run: (spec, signal) => executor.run(prefixed(spec), signal),
  };
}

export default [launcher] satisfies readonly Plugin[];
