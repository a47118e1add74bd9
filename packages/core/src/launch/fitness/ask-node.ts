import type { Executor } from '../../plugin/node.js';

/** A node that doesn't answer for so long is not waited for, ms: a cache over a network may be slow. */
const ANSWER_MS = 60_000;

/** What a command on a node printed; undefined where it failed, isn't there or took too long. */
export async function printedOn(
  executor: Executor,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const own = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const output = await executor.run({ argv }, own).catch(() => undefined);
  signal.throwIfAborted();
  return output?.exit.code === 0 ? output.stdout : undefined;
}
