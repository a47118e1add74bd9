import type { Clock } from './clock.js';
import { readTally, setTally, type Tally } from './tally.js';
import type { LoadProgress, Phase } from '../records/progress.js';

const EVERY_MS = 250;

/** Reports the tallies of a phase four times per second, and once when it ends. */
export class PhaseProgress {
  private readonly startMs: number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly phase: Phase,
    /** Requests of the phase; for a probe, whose number isn't known in advance, those so far. */
    private readonly total: number | undefined,
    private readonly tallies: readonly Tally[],
    private readonly clock: Clock,
    private readonly report: (event: LoadProgress) => void,
    /** Seconds after which nothing more is sent; the total is then an upper bound. */
    private readonly durationS?: number,
  ) {
    this.startMs = clock.now();
    this.timer = setInterval(() => this.report(this.event()), EVERY_MS);
  }

  close(): void {
    clearInterval(this.timer);
    this.report(this.event());
  }

  private event(): LoadProgress {
    const sum = (field: Parameters<typeof readTally>[1]): number =>
      this.tallies.reduce((total, tally) => total + readTally(tally, field), 0);
    const elapsedS = (this.clock.now() - this.startMs) / 1000;
    const [done, outputTokens] = [sum('done'), sum('outputTokens')];
    const inFlight = sum('sent') - sum('ended');
    const total = this.expected(done, inFlight, elapsedS);
    return {
      type: 'progress',
      phase: this.phase,
      done,
      total,
      failed: sum('failed'),
      inFlight,
      outputTokens,
      tokensPerS: elapsedS > 0 ? outputTokens / elapsedS : 0,
      ...ratio('ttftMs', sum('ttftMs'), sum('ttfts')),
      ...ratio('itlMs', sum('decodeMs'), sum('decodeTokens')),
      ...this.health(),
      ...(done > 0 && { etaS: (elapsedS / done) * (total - done) }),
    };
  }

  /** Total number of requests, or an estimate from the current pace. */
  private expected(done: number, inFlight: number, elapsedS: number): number {
    const { total = done, durationS } = this;
    if (durationS === undefined || elapsedS === 0) return total;
    return Math.min(total, Math.max(done + inFlight, Math.round((done * durationS) / elapsedS)));
  }

  /** Health of the worst thread. */
  private health(): Pick<LoadProgress, 'lagMs' | 'cpuShare'> {
    if (this.phase === 'probe') return {};
    const most = (field: Parameters<typeof readTally>[1]): number =>
      Math.max(...this.tallies.map((tally) => readTally(tally, field)));
    const [lagMs, cpuShare] = [most('lagMs'), most('cpuShare')];
    for (const tally of this.tallies) setTally(tally, 'lagMs', 0);
    return { lagMs, ...(cpuShare > 0 && { cpuShare }) };
  }
}

function ratio<K extends string>(key: K, total: number, count: number): { [P in K]?: number } {
  return count > 0 ? ({ [key]: total / count } as { [P in K]: number }) : {};
}
