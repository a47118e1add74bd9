import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeClock, spentBy } from '../../src/schedule/budget.js';
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
    expect((await workspace.results()).map(({ state }) => state)).toEqual(['failed']);
    const [run = ''] = await readdir(join(workspace.root, 'results'));
    await workspace.cli(['sweep', '--resume', run, '--max-failures', '2']);
    expect((await workspace.results()).map(({ state }) => state)).toEqual(['failed', 'failed', 'completed']);
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
