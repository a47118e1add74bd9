import { setInterval, setTimeout as delay } from 'node:timers/promises';
import type { Controller } from './controller.js';
import { endOf } from './job-state.js';

/** Milliseconds between two looks at a job that runs. */
const LOOK_MS = 10_000;
/** Milliseconds for which the end of a job is waited for that is being ended: only then is it known why. */
const ENDING_MS = 10_000;
const PAUSE_MS = 500;

/** Watches a job that has its nodes. A controller that doesn't answer takes none away: it is asked again, for ever. */
export interface Watch {
  /** Resolves with the reason when the nodes are lost. */
  readonly lost: Promise<string>;
  /** Looks now; resolves when `lost` has, if they are lost. `otherwise` is the reason where Slurm has none. */
  readonly check: (otherwise?: string) => Promise<void>;
  readonly stop: () => void;
}

export function watchJob(controller: Controller, job: string, nodes: string): Watch {
  const stopped = new AbortController();
  let lose: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => (lose = resolve));
  const look = async (otherwise?: string): Promise<void> => {
    const why = (await endedBecause(controller, job, nodes)) ?? otherwise;
    if (why === undefined || stopped.signal.aborted) return;
    stopped.abort();
    lose(why);
  };
  void (async () => {
    for await (const _ of setInterval(LOOK_MS, undefined, { signal: stopped.signal, ref: false }))
      await look();
  })().catch(() => {}); // stopped
  return {
    lost,
    check: (otherwise) => (stopped.signal.aborted ? Promise.resolve() : look(otherwise)),
    stop: () => stopped.abort(),
  };
}

/** Why a job has its nodes no more; undefined while it has them, or nobody says. */
async function endedBecause(controller: Controller, job: string, nodes: string): Promise<string | undefined> {
  try {
    const deadline = performance.now() + ENDING_MS;
    let state = await controller.stateOf(job);
    while (state.phase === 'ending' && performance.now() < deadline) {
      await delay(PAUSE_MS);
      state = await controller.stateOf(job);
    }
    const end = endOf(state);
    if (end === undefined || !('state' in state) || state.state !== 'NODE_FAIL') return end;
    const down = await controller.downAmong(nodes).catch(() => undefined);
    return down === undefined ? end : `${end}: ${down}`;
  } catch {
    return undefined;
  }
}
