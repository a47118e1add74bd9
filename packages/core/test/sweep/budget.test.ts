import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeClock, spentBy } from '../../src/schedule/budget.js';
import { reasonOf } from '../../src/results/reason.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const failing = (key: string): string => acmeEntry(key, { options: { args: ['--exit-with', '7'] } });

describe('a budget', () => {
  it('of failures ends a sweep before the next server, with the reason; what is left can be measured later', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': failing('one') + failing('two') + acmeEntry('three'),
    });

    const { exitCode } = await workspace.cli(['sweep', '--max-failures', '1', '--allow-invalid']);

    expect(exitCode).toBe(130);
    expect(JSON.parse(await workspace.readRunFile('run.json'))).toMatchObject({
      state: 'interrupted',
      reason: '1 point has failed (--max-failures 1)',
    });
    const left = await workspace.results();
    expect(left.map(({ state }) => state)).toEqual(['failed', 'skipped', 'skipped']);
    expect(left[1]).toMatchObject({
      reason: { code: 'budget', message: '1 point has failed (--max-failures 1)' },
    });
    const [run = ''] = await readdir(join(workspace.root, 'results'));
    await workspace.cli(['sweep', '--resume', run, '--max-failures', '2']);
    expect((await workspace.results()).map(({ state }) => state)).toEqual(['failed', 'failed', 'completed']);
    const points = await readdir(join(workspace.root, 'results', run, 'points'));
    expect(points.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('of failures leaves out what another config has failed on, and counts none that was refused', async () => {
    const wide = acmeEntry('wide').replace('tp: 1', 'tp: 2');
    const one = acmeEntry('one', { conc: [2, 4], options: { args: ['--exit-with', '7'] } });
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': wide + one });

    const { exitCode, stdout } = await workspace.cli(['sweep', '--fail-fast', '--max-failures', '2']);

    expect(exitCode).toBe(1);
    const ends = (await workspace.results()).map((result) => [result.state, reasonOf(result)?.code]);
    expect(ends.toSorted()).toEqual([
      ['failed', 'SERVER_DIED'],
      ['rejected', 'JOB_REJECTED'],
      ['skipped', 'fail-fast'],
    ]);
    expect(stdout).toContain('rejected JOB_REJECTED: acme has one device');
    expect(stdout).toContain('Left out (another point of their config has failed)');
    const [run = ''] = await readdir(join(workspace.root, 'results'));
    const again = await workspace.cli(['sweep', '--resume', run]);
    expect(again.stdout).toContain('rejected JOB_REJECTED: acme has one device');
    expect((await workspace.results()).map(({ state }) => state).toSorted()).toEqual([
      'failed',
      'failed',
      'rejected',
    ]);
  });

  it('of time is spent when it is over, none never', () => {
    const spent = { ms: 1_799_999, nodeMs: 0, failed: 9 };
    expect(spentBy({ hours: 0.5 }, spent)).toBeUndefined();
    expect(spentBy({ hours: 0.5 }, { ...spent, ms: 1_800_000 })).toBe('its time is over (--max-hours 0.5)');
    expect(spentBy({}, { ms: 1e12, nodeMs: 1e12, failed: 1e6 })).toBeUndefined();
  });

  it('of node hours counts each node for as long as it is held', () => {
    let now = 0;
    const clock = createNodeClock(() => now);
    const [giveBack] = [clock.hold(2), clock.hold(1)];
    now += 900_000;
    giveBack();
    giveBack();
    now += 900_000;
    expect(clock.ms).toBe(2 * 900_000 + 1_800_000);
    const spent = { ms: now, nodeMs: clock.ms, failed: 0 };
    expect(spentBy({ nodeHours: 1 }, spent)).toBe("its nodes' time is used up (--max-node-hours 1)");
    expect(spentBy({ nodeHours: 1.1 }, spent)).toBeUndefined();
  });
});
