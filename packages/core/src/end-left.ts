import { messageOf } from './errors.js';
import { delegateHandle, endDelegate } from './launch/delegate/submit-host.js';
import type { Logger } from './logger.js';
import type { RunnerResolver } from './plan/runners.js';
import { markEnded, openSessions, type OpenSession, type TakenRun } from './schedule/left-sessions.js';

export interface EndLeftDeps {
  readonly resultsDir: string;
  readonly taken?: TakenRun;
  readonly resolveRunner: RunnerResolver;
  readonly logger: Logger;
}

/**
 * Ends jobs, containers and processes that sweeps in a results folder have left, because they were killed or could not give their nodes
 * back: launchers find them by the tokens of their sessions. What can't be ended is reported, and tried again by the next sweep.
 */
export async function endLeft(deps: EndLeftDeps, signal: AbortSignal): Promise<void> {
  for (const session of await openSessions(deps.resultsDir, deps.taken)) {
    if (signal.aborted) return;
    await endOne(session, deps, signal).catch((thrown: unknown) => {
      const { run, token, launcher } = session;
      const what = `what ${run} left on ${launcher} (token ${token})`;
      deps.logger.warn(`can't end ${what}: ${messageOf(thrown)}`);
    });
  }
}

async function endOne(session: OpenSession, deps: EndLeftDeps, signal: AbortSignal): Promise<void> {
  const { run, token, handle } = session;
  const ended =
    handle === delegateHandle(token)
      ? (await endDelegate(token, signal)).map((id) => `job ${id}`)
      : await endOfLauncher(session, deps, signal);
  for (const what of ended) deps.logger.warn(`ended what ${run} had left: ${what}`);
  await markEnded(session);
}

async function endOfLauncher(
  { token, runner: label, handle, launcher: name }: OpenSession,
  { resolveRunner }: EndLeftDeps,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const runner = resolveRunner(label);
  const { plugin } = runner.launcher();
  if (plugin.name !== name) throw new Error(`runner ${label} has launcher ${plugin.name} now`);
  const { cluster } = runner;
  const left = { token, runner: label, ...(cluster && { cluster }), ...(handle !== undefined && { handle }) };
  return (await plugin.endLeft?.(left, signal)) ?? [];
}
