import type { Exit, ProcessHandle } from '../../plugin/node.js';
import { createLineQueue } from '../line-queue.js';
import type { Call } from './calls.js';
import type { Report } from './connection.js';

/** A process that an agent has started. */
export interface RemoteProcess {
  readonly handle: ProcessHandle;
  /** What the agent says of it. */
  report(report: Report): void;
  /** The agent can't be reached any more, and what becomes of the process isn't known. */
  lose(): void;
}

const UNKNOWN: Exit = { code: undefined, signal: undefined };

export function createRemoteProcess(name: string, process: number, call: Call): RemoteProcess {
  const lines = createLineQueue();
  let errors = '';
  let settle: (exit: Exit) => void = () => {};
  const exited = new Promise<Exit>((resolve) => (settle = resolve));
  return {
    handle: {
      name,
      exited,
      async *lines() {
        await call('lines', { process });
        yield* lines.all();
      },
      errorTail: () => errors,
      stop: (graceMs) =>
        call('stop', { process, graceMs }).then(
          ({ exit }) => exit,
          () => UNKNOWN,
        ),
    },
    report(report) {
      if ('exit' in report) {
        errors = report.errors;
        settle(report.exit);
        return;
      }
      lines.add(report.lines);
      if (report.isEnd) lines.end();
    },
    lose() {
      settle(UNKNOWN);
      lines.end();
    },
  };
}
