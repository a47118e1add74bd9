export interface Schedulable {
  readonly generation: {
    readonly decoding: boolean;
    /** Prompt tokens yet to be evaluated. */
    readonly promptLeft: number;
  };
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
 */
export function allot<R extends Schedulable>(
  running: readonly R[],
  batchSize: number,
): readonly Allotment<R>[] {
  const decoding = running.filter(({ generation }) => generation.decoding);
  const prefilling = running.filter(({ generation }) => !generation.decoding);
  return [
    ...decoding.map((runner) => ({ runner, tokens: 1 })),
    ...share(prefilling, batchSize - decoding.length),
  ];
}

function share<R extends Schedulable>(prefilling: readonly R[], budget: number): readonly Allotment<R>[] {
  const allotted: Allotment<R>[] = [];
  let left = budget;
  for (const runner of prefilling) {
    if (left === 0) break;
    const tokens = Math.min(left, runner.generation.promptLeft);
    allotted.push({ runner, tokens });
    left -= tokens;
  }
  return allotted;
}
