import { readFile } from 'node:fs/promises';
import type { PlannedPoint } from '../../plan/plan.js';
import { ifThere, ok, problem, warning, type Check, type Diagnosis } from '../diagnosis.js';

/** Files and sockets that a client or a server opens in addition to one per stream. */
const OTHER_FILES = 256;

/** Limits of processes on this machine, which servers and the client inherit. */
export const limits: Check = {
  name: 'limits',
  async run(context) {
    const text = await ifThere(readFile('/proc/self/limits', 'utf8'));
    if (text === undefined) return [];
    const planned = ((await ifThere(context.points())) ?? []).filter(isHere);
    // Node raises the soft limit of open files to the hard one when it starts.
    return [
      files(hardLimit(text, 'Max open files'), planned),
      memory(hardLimit(text, 'Max locked memory'), planned),
    ];
  },
};

function isHere({ runner }: PlannedPoint): boolean {
  return runner.launcherName === 'local';
}

function hardLimit(text: string, name: string): number {
  const [, hard = ''] = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(text) ?? [];
  return hard === 'unlimited' ? Infinity : Number(hard);
}

function files(limit: number, planned: readonly PlannedPoint[]): Diagnosis {
  const streams = Math.max(0, ...planned.map(({ point }) => point.concurrency));
  const needed = streams + OTHER_FILES;
  const message = `${limit} files and connections may be open; ${streams} streams need ${needed}`;
  return limit >= needed
    ? ok(message)
    : problem('LIMIT_REACHED', message, 'Raise the limit: `ulimit -Hn` shows it.');
}

/** GPUs and network cards read and write host memory only where it is locked. */
function memory(limit: number, planned: readonly PlannedPoint[]): Diagnosis {
  const isNeeded = planned.some(({ runner }) => runner.sku.device === 'gpu');
  const message =
    limit === Infinity
      ? 'memory may be locked without limit'
      : `${Math.floor(limit / 1024)} KiB of memory may be locked`;
  return limit === Infinity || !isNeeded
    ? ok(message)
    : warning(
        message,
        'Set memlock to unlimited in /etc/security/limits.conf: RDMA and pinned memory need it.',
      );
}
