import { posix } from 'node:path';
import type { Agent } from '@sweepline/core/launch';
import { jobName } from './allocation.js';
import type { Controller } from './controller.js';

/** Folders of agents, by their session's token. */
const FOLDER = /^sweepline-([0-9a-f]{32})-node$/;

interface LeftOptions {
  readonly controller: Controller;
  /** Of the session that looks. */
  readonly token: string;
  readonly onNote: (line: string) => void;
}

/**
 * Removes from a node the folders of sessions whose agents were killed: those of whose jobs the user has none any more. What is there
 * is listed first, so that a job that had begun by then is seen.
 */
export async function removeLeft(
  agent: Agent,
  { controller, token, onNote }: LeftOptions,
  signal: AbortSignal,
): Promise<void> {
  const base = posix.dirname(agent.workDir);
  const { stdout } = await agent.run({ argv: ['ls', '-1', base] }, signal);
  const found = stdout.split('\n').flatMap((name) => FOLDER.exec(name)?.[1] ?? []);
  const others = found.filter((other) => other !== token);
  if (others.length === 0) return;
  const alive = new Set(await controller.names());
  for (const other of others.filter((left) => !alive.has(jobName(left)))) {
    const folder = posix.join(base, `sweepline-${other}-node`);
    const { exit } = await agent.run({ argv: ['rm', '-rf', folder] }, signal);
    if (exit.code === 0) onNote(`removed what a killed session left on ${agent.node.name}: ${folder}`);
  }
}
