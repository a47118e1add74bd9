export interface Schedulable {
  readonly generation: {
    readonly decoding: boolean;
    /** Prompt tokens not yet evaluated. */
    readonly promptLeft: number;
  };
  /** Position in the order of arrival. */
  readonly arrival: number;
}

export interface Allotment<R> {
  readonly runner: R;
  /** Tokens that it may evaluate in this step. */
  readonly tokens: number;
}

/**
 * Splits a step of `batchSize` tokens, which must have room for one token per request. Each decoding request first gets its one token, so
 * that a prompt never delays the others by more than a step. The rest goes to prompts in order of arrival; a long one is split over several
 * steps. llama-server fills its batches the same way. Allotments are in the order of `running`.
 */
export function allot<R extends Schedulable>(
  running: readonly R[],
  batchSize: number,
): readonly Allotment<R>[] {
  const prefilling = running.filter(({ generation }) => !generation.decoding);
  const shares = share(prefilling, batchSize - (running.length - prefilling.length));
  return running
    .map((runner) => ({ runner, tokens: runner.generation.decoding ? 1 : (shares.get(runner) ?? 0) }))
    .filter(({ tokens }) => tokens > 0);
}

function share<R extends Schedulable>(prefilling: readonly R[], budget: number): ReadonlyMap<R, number> {
  const shares = new Map<R, number>();
  let left = budget;
  for (const runner of prefilling.toSorted((a, b) => a.arrival - b.arrival)) {
    const tokens = Math.min(left, runner.generation.promptLeft);
    shares.set(runner, tokens);
    left -= tokens;
  }
  return shares;
}
