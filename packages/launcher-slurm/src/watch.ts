import { setInterval, setTimeout as delay } from 'node:timers/promises';
import type { Loss } from '@sweepline/core';
import type { Controller } from './controller.js';
import { endOf, isFinal } from './job-state.js';

/** Milliseconds between two looks at a job that runs. */
const LOOK_MS = 10_000;
/** Milliseconds for which the end of a job is waited for that is being ended: only then is it known why. */
const ENDING_MS = 10_000;
const PAUSE_MS = 500;

/** Watches a job that has its nodes. A controller that doesn't answer takes none away: it is asked again, for ever. */
export interface Watch {
  /** Resolves with the reason when the nodes are lost. */
  readonly lost: Promise<Loss>;
  /** Looks now; resolves when `lost` has, if they are lost. `otherwise` is the reason where Slurm has none. */
  readonly check: (otherwise?: Loss) => Promise<void>;
  readonly stop: () => void;
}

export function watchJob(controller: Controller, job: string, nodes: string): Watch {
  const stopped = new AbortController();
  let lose: (loss: Loss) => void = () => {};
  const lost = new Promise<Loss>((resolve) => (lose = resolve));
  const look = async (otherwise?: Loss): Promise<void> => {
    const loss = (await endedBecause(controller, job, nodes)) ?? otherwise;
    if (loss === undefined || stopped.signal.aborted) return;
    stopped.abort();
    lose(loss);
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
async function endedBecause(controller: Controller, job: string, nodes: string): Promise<Loss | undefined> {
  try {
    const deadline = performance.now() + ENDING_MS;
    let state = await controller.stateOf(job);
    while (state.phase === 'ending' && performance.now() < deadline) {
      await delay(PAUSE_MS);
      state = await controller.stateOf(job);
    }
    const reason = endOf(state);
    if (reason === undefined) return undefined;
    if (!('state' in state) || state.state !== 'NODE_FAIL') return { reason, again: !isFinal(state) };
    const down = await controller.downAmong(nodes).catch(() => undefined);
    const [node] = down?.split(' ') ?? [];
    return node === undefined ? { reason } : { reason: `${reason}: ${down}`, node };
  } catch {
    return undefined;
  }
}
