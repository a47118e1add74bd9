import { SweeplineError } from '../../errors.js';
import type { Executor } from '../../plugin/node.js';
import { printedOn } from './ask-node.js';

const GIB = 1024 ** 3;
/** For logs, records and config files: a million requests have about 1 GiB of records. */
const JOB_NEEDS_GIB = 0.5;
/** For a model that is downloaded. Its size isn't known; models that need a node of GPUs are larger than this. */
const MODEL_NEEDS_GIB = 10;

/**
 * Whether there is room on a node: for the job's folder, and for a model where one will be downloaded to a cache. A disk that can't be
 * looked at passes.
 * @throws {SweeplineError} NODE_UNFIT
 */
export async function checkDisk(
  executor: Executor,
  downloadsTo: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  // On this machine the folder is among the results, which say for themselves when they find no room.
  if (!executor.node.isHere)
    await needRoom(executor, executor.workDir, JOB_NEEDS_GIB, "the job's logs and records", signal);
  if (downloadsTo === undefined) return;
  await needRoom(executor, downloadsTo, MODEL_NEEDS_GIB, 'a model, which has to be downloaded', signal);
}

async function needRoom(
  executor: Executor,
  folder: string,
  needGiB: number,
  what: string,
  signal: AbortSignal,
): Promise<void> {
  const disk = parseDf(await printedOn(executor, ['df', '-P', '-k', folder], signal));
  if (disk === undefined || disk.freeGiB >= needGiB) return;
  const free = `${disk.freeGiB.toFixed(2)} GiB are free on ${disk.mount} of ${executor.node.name}`;
  throw new SweeplineError('NODE_UNFIT', `${free}, which holds ${folder}; ${what} need ${needGiB} GiB`, {
    where: { node: executor.node.name },
    hint: 'Make room there, choose another folder in configs/clusters.yaml, or leave that node out.',
  });
}

/** POSIX's format: a heading, and a line of device, size, used and free KiB, use, mount. */
function parseDf(
  printed: string | undefined,
): { readonly freeGiB: number; readonly mount: string } | undefined {
  const line = printed?.trim().split('\n').at(-1) ?? '';
  const [, free, mount] = /\s(\d+)\s+\d+%\s+(\/.*)$/.exec(line) ?? [];
  return free === undefined || mount === undefined
    ? undefined
    : { freeGiB: (Number(free) * 1024) / GIB, mount };
}

const FULL = /no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b/i;

/** The error of a program on a node that ended for want of room, by its last words; undefined where they say nothing of it. */
export function diskFull(node: string, ended: string, lastWords: string): SweeplineError | undefined {
  const line = lastWords.split('\n').findLast((one) => FULL.test(one));
  if (line === undefined) return undefined;
  return new SweeplineError('NODE_UNFIT', `a disk of ${node} is full: ${ended}: ${line.trim()}`, {
    where: { node },
    hint: 'Make room there (`df -h` says where), or leave that node out.',
  });
}
