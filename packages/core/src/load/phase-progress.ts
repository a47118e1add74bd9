import type { Clock } from './clock.js';
import type { Outcome } from './exchange.js';
import type { Phase, LoadProgress } from './progress.js';

const EVERY_MS = 250;

/** Counts what happens in a phase and reports it four times a second, and once when it ends. */
export class PhaseProgress {
  private readonly startMs: number;
  private readonly timer: NodeJS.Timeout;
  private done = 0;
  private failed = 0;
  private inFlight = 0;
  private outputTokens = 0;

  constructor(
    private readonly phase: Phase,
    /** Requests of the phase; for a probe, where it isn't known before, those so far. */
    private readonly total: number | undefined,
    private readonly clock: Clock,
    private readonly report: (event: LoadProgress) => void,
  ) {
    this.startMs = clock.now();
    this.timer = setInterval(() => this.report(this.event()), EVERY_MS);
  }

  sent(): void {
    this.inFlight++;
  }

  chunk(): void {
    this.outputTokens++;
  }

  ended(outcome: Outcome): void {
    this.done++;
    if (outcome.state !== 'completed') this.failed++;
    if (outcome.sentMs !== undefined) this.inFlight--;
    this.outputTokens += (outcome.outputTokens ?? outcome.chunkMs.length) - outcome.chunkMs.length;
  }

  close(): void {
    clearInterval(this.timer);
    this.report(this.event());
  }

  private event(): LoadProgress {
    const { phase, done, failed, inFlight, outputTokens } = this;
    const elapsedS = (this.clock.now() - this.startMs) / 1000;
    const total = this.total ?? done;
    return {
      type: 'progress',
      phase,
      done,
      total,
      failed,
      inFlight,
      outputTokens,
      tokensPerS: elapsedS > 0 ? outputTokens / elapsedS : 0,
      ...(done > 0 && { etaS: (elapsedS / done) * (total - done) }),
    };
  }
}
