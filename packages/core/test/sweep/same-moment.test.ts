import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

/** Stops the wall clock; the monotonic one goes on. */
const STOPPED = `Date = class extends Date { constructor(...at) { at.length === 0 ? super(1767225600000) : super(...at); } };`;
const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(STOPPED)}` };

it('two sweeps that begin in the same moment have folders of their own, and both finish', async () => {
  await using workspace = await makeWorkspace({
    'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }),
  });

  const sweeps = [1, 2].map(() => workspace.cli(['sweep', '--allow-invalid'], { env }));
  expect((await Promise.all(sweeps)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);

  const runs = (await readdir(join(workspace.root, 'results'))).sort();
  expect(runs).toEqual(['20260101T000000.000Z', '20260101T000000.000Z-2']);
  for (const run of runs) {
    const folder = join(workspace.root, 'results', run);
    const written = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as object;
    expect(written).toMatchObject({ id: run, state: 'finished', points: 2 });
    expect(await readdir(join(folder, 'points'))).toHaveLength(2);
  }
});
