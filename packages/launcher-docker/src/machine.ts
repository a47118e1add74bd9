import { readFileSync } from 'node:fs';
import type { Executor } from '@sweepline/core';

/** The machine of the engine's daemon. Disposing ends what runs there without a container, and removes the folder of the lease. */
export interface Machine extends AsyncDisposable {
  /** Its files, its ports, and processes without a container. */
  readonly executor: Executor;
  /** Its /etc/group. */
  readonly groups: string;
  /** The file on this machine that the client of a container writes, for a log on that one. */
  logFile(log: string): string;
}

/** The machine that Sweepline runs on. Its folder may have files of root, and is removed by the lease. */
export function machineHere(executor: Executor): Machine {
  return {
    executor,
    groups: readFileSync('/etc/group', 'utf8'),
    logFile: (log) => log,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
