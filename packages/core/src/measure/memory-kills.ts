import { getText } from '../launch/files.js';
import type { Executor } from '../plugin/node.js';

/** What a node says of its memory limits; what it doesn't say is left out. */
export interface MemoryState {
  /** Processes that the kernel has ended for want of memory: of the cgroup, or else of the whole machine. */
  readonly kills?: number;
  /** Limit of the cgroup, bytes. */
  readonly limitBytes?: number;
}

/** Version 1 writes this or so where there is none (the largest multiple of a page). */
const NO_LIMIT = 2 ** 62;

/** Reads the counters of the cgroup that the executor's processes start in (cgroup-v2.rst; cgroup-v1/memory.rst). Never rejects. */
export async function memoryState(executor: Executor): Promise<MemoryState> {
  const read = (file: string): Promise<string | undefined> => getText(executor, file).catch(() => undefined);
  const cgroups = (await read('/proc/self/cgroup')) ?? '';
  const [, path1 = '/'] = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(cgroups) ?? [];
  const [, path2 = '/'] = /^0::(.*)$/m.exec(cgroups) ?? [];
  // In a container the path may be the host's: its own cgroup is then the root of what it sees.
  const folders = [
    `/sys/fs/cgroup${path2}`,
    `/sys/fs/cgroup/memory${path1}`,
    '/sys/fs/cgroup',
    '/sys/fs/cgroup/memory',
  ];
  for (const folder of folders) {
    const events = (await read(`${folder}/memory.events`)) ?? (await read(`${folder}/memory.oom_control`));
    const kills = countIn(events);
    if (kills === undefined) continue;
    const limit = Number(
      (await read(`${folder}/memory.max`)) ?? (await read(`${folder}/memory.limit_in_bytes`)) ?? NaN,
    );
    return { kills, ...(limit < NO_LIMIT && { limitBytes: limit }) };
  }
  const kills = countIn(await read('/proc/vmstat'));
  return kills === undefined ? {} : { kills };
}

/** Why a process may have been killed by SIGKILL. */
export function killedBecause(before: MemoryState, after: MemoryState): string {
  const limit =
    after.limitBytes === undefined
      ? ''
      : ` (limit of its cgroup: ${Math.round(after.limitBytes / 2 ** 20)} MiB)`;
  const kills = (after.kills ?? 0) - (before.kills ?? 0);
  return kills > 0
    ? `the kernel's out-of-memory killer ended ${kills} ${kills === 1 ? 'process' : 'processes'} meanwhile${limit}`
    : `most likely for want of memory${limit}, if nobody killed it on purpose`;
}

function countIn(text: string | undefined): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(text ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}
