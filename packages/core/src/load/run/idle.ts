import { SweeplineError } from '../../errors.js';
import { readTally, type Tally } from '../health/tally.js';

/** Seconds without any progress after which a load is ended, unless the spec has another limit. */
export const IDLE_LIMIT_S = 600;

/** Interval between checks, ms; for short limits a fraction of the limit. */
const LOOK_MS = 250;

/**
 * Adds up the time without any activity. A timer that fires late counts as one interval: while this process or the machine was
 * suspended, no activity could be seen.
 */
export class SilenceWatch {
  private readonly lookMs: number;
  private readonly timer: NodeJS.Timeout;
  private silentMs = 0;

  /** `heard`: whether there was any activity since the last check. */
  constructor(limitS: number, heard: () => boolean, onSilent: (seconds: number) => void) {
    this.lookMs = Math.min(LOOK_MS, (limitS * 1000) / 4);
    this.timer = setInterval(() => {
      this.silentMs = heard() ? 0 : this.silentMs + this.lookMs;
      if (this.silentMs < limitS * 1000) return;
      this.stop();
      onSilent(this.silentMs / 1000);
    }, this.lookMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

const PROGRESS = ['sent', 'ended', 'outputTokens', 'readMs'] as const;

/**
 * Calls back once when requests are in flight, but nothing was sent, nothing ended and no byte arrived for `limitS`. With none in
 * flight, a load may be waiting for its schedule.
 */
export function watchIdle(
  tallies: readonly Tally[],
  limitS: number,
  onIdle: (error: SweeplineError) => void,
): SilenceWatch {
  const sum = (field: (typeof PROGRESS)[number]): number =>
    tallies.reduce((total, tally) => total + readTally(tally, field), 0);
  let before = '';
  const heard = (): boolean => {
    const now = PROGRESS.map(sum).join();
    const isSame = now === before && sum('sent') > sum('ended');
    before = now;
    return !isSame;
  };
  return new SilenceWatch(limitS, heard, (seconds) => onIdle(idleError(seconds, sum('sent') - sum('ended'))));
}

function idleError(seconds: number, inFlight: number): SweeplineError {
  return new SweeplineError(
    'LOAD_IDLE',
    `no byte came for ${seconds.toFixed(0)} s, nothing was sent and nothing ended, with ${inFlight} ${inFlight === 1 ? 'request' : 'requests'} in flight: ` +
      'the load was ended',
    {
      hint:
        "Look at the server's log: it hangs, or is shutting down. If answers can take this long, raise the limit: " +
        '`idle-limit-s` under `client:` in configs/sweepline.yaml, or --idle-limit of bench.',
    },
  );
}
