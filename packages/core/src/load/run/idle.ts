import { SweeplineError } from '../../errors.js';
import { readTally, type Tally } from '../health/tally.js';

/** Seconds without any progress after which a load is ended; specs may say otherwise. */
export const IDLE_LIMIT_S = 600;

/** Between two looks, ms; of a short limit a part. */
const LOOK_MS = 250;

/**
 * Adds up time in which nothing was heard. A timer that comes late counts as one look: while this process was stopped or the machine
 * slept, nothing could be heard.
 */
export class SilenceWatch {
  private readonly lookMs: number;
  private readonly timer: NodeJS.Timeout;
  private silentMs = 0;

  /** `heard`: whether there was anything since the last look. */
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
 * Calls back once when, with requests in flight, nothing was sent, nothing ended and no byte came for `limitS`. Without any
 * in flight a load waits for its schedule.
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
        "Look at the server's log: it hangs, or is shutting down. Where answers may take so long, raise the limit: " +
        '`idle-limit-s` under `client:` in configs/sweepline.yaml, or --idle-limit of bench.',
    },
  );
}
