import { runArrival } from './arrival/index.js';
import type { LoadClient } from './client.js';
import type { Clock } from './clock.js';
import type { PhaseProgress } from './phase-progress.js';
import type { PromptSource } from './prompts/prompt.js';
import type { RequestRecord } from './record.js';
import type { LoadSpec } from './spec.js';

export interface PhaseRun {
  readonly arrival: LoadSpec['arrival'];
  readonly prompts: PromptSource;
  readonly count: number;
  readonly client: LoadClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: PhaseProgress;
  readonly onRecord?: (record: RequestRecord) => void;
}

/** Sends `count` prompts in the arrival pattern; resolves with the records of those that were begun, in order of index. */
export async function runPhase(phase: PhaseRun): Promise<RequestRecord[]> {
  const { client, clock, signal, progress } = phase;
  const records: RequestRecord[] = [];
  await runArrival(phase.arrival, {
    count: phase.count,
    signal,
    now: () => clock.now(),
    async send({ index, slot, scheduledMs }) {
      const prompt = phase.prompts(index);
      const outcome = await client.send(slot, prompt, {
        onSent: () => progress.sent(),
        onChunk: () => progress.chunk(),
      });
      if (outcome.state !== 'cancelled' || outcome.sentMs !== undefined) {
        progress.ended(outcome);
        const record = { index, scheduledMs, ...prompt.lengths, ...outcome };
        records.push(record);
        phase.onRecord?.(record);
      }
      return outcome.doneMs ?? clock.now();
    },
  });
  return records.sort((a, b) => a.index - b.index);
}
