import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, it, vi } from 'vitest';
import { sessionStates } from '../hostile.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

/** Kills a sweep before or after the n-th of its writes, renames, removals, syncs and starts of processes. */
const BOUNDARIES = pathToFileURL(
  fileURLToPath(new URL('../../../../checks/resume/boundaries.js', import.meta.url)),
).href;
const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));
/** Drawn once from the boundaries of a sweep of two points; the first ones are before anything is saved. */
const KILLS = [3, 27, 41, 74, 96];

it('a sweep that is killed five times, at any boundary, has each point once in the end, and leaves nothing', async () => {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('points', { conc: [1, 2] }) });
  const runs = async (): Promise<readonly string[]> => {
    const names = await readdir(join(workspace.root, 'results')).catch(() => []);
    const files = await Promise.all(names.map((name) => readdir(join(workspace.root, 'results', name))));
    return names.filter((_, index) => files[index]?.includes('run.json'));
  };
  const sweep = async (killAt: number) => {
    const [run] = await runs();
    const args = ['sweep', '--allow-invalid', ...(run === undefined ? [] : ['--resume', run])];
    return execa(process.execPath, ['--import', BOUNDARIES, BIN, ...args], {
      cwd: workspace.root,
      env: { KILL_AT: String(killAt) },
      reject: false,
    });
  };
  const measured = new Map<string, string>();
  let killed = 0;

  for (const killAt of [...KILLS, Infinity]) {
    const { signal } = await sweep(killAt);
    if (signal === 'SIGKILL') killed += 1;
    await vi.waitFor(async () => expect(await workspace.processes()).toEqual([]), { timeout: 20_000 });
    if ((await runs()).length === 0) continue;
    for (const { name, startedAt, state } of await workspace.results()) {
      if (state === 'interrupted') continue;
      expect(measured.get(name) ?? startedAt).toBe(startedAt);
      measured.set(name, startedAt);
    }
  }

  expect(killed).toBe(KILLS.length);
  expect((await workspace.results()).map(({ concurrency, state }) => [concurrency, state])).toEqual([
    [1, 'completed'],
    [2, 'completed'],
  ]);
  expect(await runs()).toHaveLength(1);
  expect(JSON.parse(await workspace.readRunFile('run.json'))).toMatchObject({ state: 'finished' });
  expect(new Set(await sessionStates(workspace))).toEqual(new Set(['ended']));
  expect((await workspace.readRunFile('results.ndjson')).trim().split('\n')).toHaveLength(2);
});
