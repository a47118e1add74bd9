import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Why a run ended early. */
export interface Ending {
  readonly state: 'failed' | 'interrupted';
  readonly reason: string;
}

/**
 * Closes a run that is still marked as running, through its `run.json`. Synchronous and never throws: the caller is about to end
 * the process, perhaps from another thread.
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
    // The file doesn't exist yet, or the disk is full: what was saved stays unchanged.
    rmSync(temporary, { force: true });
  }
}
