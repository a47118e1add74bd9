export interface Schedulable {
  readonly generation: {
    readonly decoding: boolean;
    /** Prompt tokens yet to be evaluated. */
    readonly promptLeft: number;
  };
  /** Place in the order of arrival. */
  readonly arrival: number;
}

export interface Allotment<R> {
  readonly runner: R;
  /** Tokens that it may evaluate in this step. */
  readonly tokens: number;
}

/**
 * Splits a step of `batchSize` tokens, of which there must be one for every request. Each decoding request gets its
 * one token first, so that a prompt never holds the others up for longer than a step. What is left goes to prompts in
 * order of arrival, a long one being cut over several steps. llama-server fills its batches the same way.
 * Allotments come in the order of `running`.
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
