import { SweeplineError, type Executor, type ProcessHandle } from '@sweepline/core';
import { HELD, HOLD, shell } from './scripts.js';
import type { Settings } from './settings.js';

const never = new AbortController().signal;
/** Milliseconds that the removal of a folder may take. */
const REMOVAL_MS = 60_000;

/** However the job went: their exit codes don't count. */
export async function runAfter({ after }: Settings, here: Executor): Promise<void> {
  for (const argv of after) await here.run({ argv }, never).catch(() => {});
}

/** A folder of temp-mounts. */
interface Temporary {
  /** What a session makes and removes: the path as far as the part that no other job has. */
  readonly root: string;
  readonly folder: string;
}

const JOB = '{job-id}';

/** @param paths with the placeholder of the job's number */
export function temporaryFolders(paths: readonly string[], job: string): readonly Temporary[] {
  return paths.map((path) => {
    const end = path.indexOf('/', path.indexOf(JOB));
    const fill = (text: string): string => text.replaceAll(JOB, job);
    return { root: fill(end === -1 ? path : path.slice(0, end)), folder: fill(path) };
  });
}

/**
 * Makes the folders of a job on a node by processes that remove them when they end: also when the agent is killed. Where nodes share a
 * folder, the first makes and removes it. @returns what ends them
 * @throws {SweeplineError} NODE_UNFIT where one can't be made, or was there before: it may be another's
 */
export async function holdFolders(
  folders: readonly Temporary[],
  token: string,
  node: Executor,
  signal: AbortSignal,
): Promise<() => Promise<unknown>> {
  const roots = [...new Set(folders.map(({ root }) => root))];
  const holders: ProcessHandle[] = [];
  const end = (): Promise<unknown> => Promise.all(holders.map((holder) => holder.stop(REMOVAL_MS)));
  try {
    for (const root of roots) {
      const inside = folders.filter((one) => one.root === root).map(({ folder }) => folder);
      const argv = [...shell(HOLD, 'folders'), `.sweepline-${token}`, root, ...inside];
      const holder = await node.spawn({ argv }, signal);
      holders.push(holder);
      if (!(await isHeld(holder))) throw unfit(node, holder.errorTail());
    }
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return end;
}

async function isHeld(holder: ProcessHandle): Promise<boolean> {
  for await (const line of holder.lines()) if (line === HELD) return true;
  await holder.exited;
  return false;
}

function unfit({ node: { name } }: Executor, said: string): SweeplineError {
  const message = `can't make the folders of temp-mounts on ${name}: ${said.trim()}`;
  return new SweeplineError('NODE_UNFIT', message, {
    where: { node: name },
    hint: 'Correct `temp-mounts` in configs/clusters.yaml; a folder that was there before is left alone.',
  });
}
