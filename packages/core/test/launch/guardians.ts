import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findProcess, listProcesses } from '../../src/launch/process-table.js';

/** A guardian's program. */
export const GUARDIAN = fileURLToPath(new URL('../../dist/launch/guardian-main.js', import.meta.url));
export const SOON = { timeout: 40_000, interval: 50 };

export function isAlive(pid: number): boolean {
  return findProcess(pid)?.alive === true;
}

/** Pids of the guardians of a process. */
export function guardiansOf(parent: number | undefined): readonly number[] {
  return listProcesses()
    .filter((one) => one.parent === parent && one.alive && isGuardian(one.pid))
    .map(({ pid }) => pid);
}

function isGuardian(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('guardian-main');
}
