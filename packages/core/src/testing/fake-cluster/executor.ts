import { resolve, sep } from 'node:path';
import { createLocalExecutor } from '../../launch/local-executor.js';
import type { Guardian } from '../../launch/guardian.js';
import type { Executor, ProcessSpec } from '../../plugin/node.js';
import type { FakeNode } from './nodes.js';

/** Target of writes that must fail for lack of space: the system itself reports the error. */
const FULL = '/dev/full';

/** Parts of a real machine that are the same for all nodes: descriptions of the system. */
const SYSTEM = ['/proc/', '/sys/'];

export interface FakeDisk {
  /** Whether there is no space for the file at this path, relative to the job's folder. */
  isFullFor(path: string): boolean;
}

/** Runs processes on a fake node. Files of other nodes, and of the machine that runs Sweepline, don't exist there. */
export function fakeExecutor(node: FakeNode, token: string, guardian: Guardian, disk: FakeDisk): Executor {
  const workDir = resolve(node.folder, 'jobs', token);
  const local = createLocalExecutor({
    ...{ name: node.name, host: node.host, workDir, isHere: false },
    ...{ session: token, guardian },
  });
  const own = (path: string): string => {
    const absolute = resolve(workDir, path);
    const isThere =
      absolute.startsWith(node.folder + sep) || SYSTEM.some((start) => absolute.startsWith(start));
    if (isThere) return absolute;
    throw Object.assign(new Error(`ENOENT: ${node.name} has no ${path}`), { code: 'ENOENT' });
  };
  const withRoom = (path: string): string => (disk.isFullFor(path.slice(workDir.length + 1)) ? FULL : path);
  const specOf = (spec: ProcessSpec): ProcessSpec => ({
    ...spec,
    ...(spec.cwd !== undefined && { cwd: own(spec.cwd) }),
    ...(spec.log !== undefined && { log: withRoom(own(spec.log)) }),
  });
  return {
    ...local,
    spawn: async (spec, signal) => local.spawn(specOf(spec), signal),
    run: async (spec, signal) => local.run(specOf(spec), signal),
    copyIn: async (content, path, mode) => {
      const target = withRoom(own(path));
      return target === FULL ? fill(content, path) : local.copyIn(content, target, mode);
    },
    async *copyOut(path) {
      yield* local.copyOut(own(path));
    },
    read: async (path, range) => local.read(own(path), range),
    async *follow(path, signal) {
      yield* local.follow(own(path), signal);
    },
  };
}

/** The error of a write to a full disk. */
async function fill(content: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  for await (const _ of content) break;
  throw Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), { code: 'ENOSPC' });
}
