import type { Executor, Output } from '@sweepline/core';

const SHELL_NOT_FOUND = 127;

/** The output of a command; undefined if its program isn't installed. */
export async function printedBy(
  executor: Executor,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const output = await outputOf(executor, argv, signal);
  if (output === undefined || output.exit.code === 0) return output?.stdout;
  const message = output.stderr.trim() || output.stdout.trim();
  throw new Error(`${argv[0] ?? ''} on ${executor.node.name} failed: ${message}`);
}

/** The same, whatever the exit code of the command. */
export async function outputOf(
  executor: Executor,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<Output | undefined> {
  const output = await executor.run({ argv }, signal).catch(unlessMissing);
  return output?.exit.code === SHELL_NOT_FOUND ? undefined : output;
}

function unlessMissing(error: unknown): undefined {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  if (code !== 'ENOENT' && cause?.code !== 'ENOENT') throw error;
}
