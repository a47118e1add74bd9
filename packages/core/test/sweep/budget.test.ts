import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spentBy } from '../../src/schedule/budget.js';
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
    expect(spentBy({ hours: 0.5 }, 1_799_999, 9)).toBeUndefined();
    expect(spentBy({ hours: 0.5 }, 1_800_000, 0)).toBe('its time is over (--max-hours 0.5)');
    expect(spentBy({}, 1e12, 1e6)).toBeUndefined();
  });
});
