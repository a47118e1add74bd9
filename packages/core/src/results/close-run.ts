import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** How a run ended that did not come to its end. */
export interface Ending {
  readonly state: 'failed' | 'interrupted';
  readonly reason: string;
}

/**
 * Closes a run that is still called running as what it is, by its `run.json`. At once and without a throw: whoever calls it is about
 * to end the process, perhaps from another thread.
 */
export function closeRun(file: string, { state, reason }: Ending): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const run = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
    if (run['state'] !== 'running') return;
    const ended = { ...run, finishedAt: new Date().toISOString(), state, reason };
    writeFileSync(temporary, `${JSON.stringify(ended, undefined, 2)}\n`);
    renameSync(temporary, file);
  } catch {
    // There is none yet, or no room for it: what was saved stays as it is.
    rmSync(temporary, { force: true });
  }
}
