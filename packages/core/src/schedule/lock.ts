import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError } from '../errors.js';
import { presenceOf, thisProcess } from '../results/owner.js';
import { ownerSchema, type Owner } from '../results/run-schema.js';
import { readJson } from '../results/stored-json.js';
import { toJson, writeAtomic, writing } from '../results/write.js';

const LOCK = /^lock-[0-9a-f-]{36}\.json$/;
/** Two that come at the same moment both withdraw, and come again after up to these milliseconds. */
const AGAIN_MS = 200;
const TRIES = 4;

export interface LockOptions {
  /** Whether a process counts as ended that can't be seen from here: on another machine, in another container. */
  readonly takeOver?: boolean;
}

/**
 * Makes sure that one process measures a run. Each that wants to puts down a file with its own name, and then looks for others: none is
 * ever replaced or taken from its owner. Files of processes that have ended don't count.
 * @throws {SweeplineError} RUN_BUSY
 */
export async function lockRun(run: string, { takeOver = false }: LockOptions = {}): Promise<AsyncDisposable> {
  const name = `lock-${randomUUID()}.json`;
  const own = join(run, name);
  for (let left = TRIES - 1; ; left--) {
    await writing(own, async () => writeAtomic(own, toJson(await thisProcess())));
    const { holder, ended } = await othersOf(run, name, takeOver);
    if (holder === undefined) {
      for (const file of ended) await rm(join(run, file), { force: true });
      return { [Symbol.asyncDispose]: () => rm(own, { force: true }) };
    }
    await rm(own, { force: true });
    if (left === 0) throw busy(run, holder);
    await delay(Math.random() * AGAIN_MS);
  }
}

interface Holder extends Pick<Owner, 'pid' | 'host'> {
  readonly isSeen: boolean;
}

async function othersOf(
  run: string,
  own: string,
  takeOver: boolean,
): Promise<{ readonly holder?: Holder; readonly ended: readonly string[] }> {
  const ended: string[] = [];
  for (const name of (await readdir(run)).filter((one) => LOCK.test(one) && one !== own)) {
    // One that can't be read was removed meanwhile: they appear whole.
    const owner = await readJson(join(run, name), ownerSchema).catch(() => undefined);
    if (owner === undefined) continue;
    const presence = await presenceOf(owner);
    if (presence === 'here' || (presence === 'unknown' && !takeOver))
      return { holder: { ...owner, isSeen: presence === 'here' }, ended };
    ended.push(name);
  }
  return { ended };
}

function busy(run: string, { pid, host, isSeen }: Holder): SweeplineError {
  const message = `process ${pid} on ${host} measures this run`;
  return new SweeplineError('RUN_BUSY', isSeen ? message : `${message}, or did: it can't be seen from here`, {
    where: { file: run },
    hint: isSeen
      ? 'Wait until it has ended, or end it with `sweepline stop`.'
      : 'If it has ended, add --take-over.',
  });
}
