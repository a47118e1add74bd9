import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { startGuardian } from '../../src/launch/guardian.js';
import { findProcess } from '../../src/launch/process-table.js';
import { GUARDIAN, guardiansOf, isAlive, SOON } from './guardians.js';

describe('the guardian of several sessions', () => {
  it('is one, which ends what is left of those that are open and nothing of those that are over', async () => {
    const [open, over] = [0, 1].map(() => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }));
    const told = (token: string, child: ChildProcess): string => {
      const { pid, start } = findProcess(child.pid!)!;
      return `${token} guard\n${token} watch ${pid} ${start}\n`;
    };
    const guardian = spawn(process.execPath, [GUARDIAN], { stdio: ['pipe', 'ignore', 'inherit'] });

    guardian.stdin.end(`${told('one', open!)}${told('two', over!)}two over\n`);

    await once(guardian, 'exit');
    expect([open, over].map((child) => isAlive(child!.pid!))).toEqual([false, true]);
    over!.kill('SIGKILL');
  });

  it('ends with the last of them, and no sooner', async () => {
    const guardians = (): readonly number[] => guardiansOf(process.pid);
    const [first, last] = ['one', 'two'].map((token) => startGuardian(token, () => {}));
    await vi.waitFor(() => expect(guardians()).toHaveLength(2), SOON);

    await first!.close();
    expect(guardians()).toHaveLength(2);
    await last!.close();

    expect(guardians()).toEqual([]);
  });
});
