import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, vi } from 'vitest';
import { readJournal } from '../../src/schedule/journal.js';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML, type TestWorkspace } from '../workspace.js';

const CONFIG = acmeEntry('one', { options: { args: ['--token-ms', '2'] } });

/** Kills a sweep while its second measurement is loaded. */
async function killed(workspace: TestWorkspace, args: readonly string[]): Promise<string> {
  const command = workspace.start(args);
  const lines = createInterface({ input: command.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => /^\[2\/3\].* loading$/.test(line) && resolve());
    lines.on('close', () => reject(new Error('the second measurement was never loaded')));
  });
  command.kill('SIGKILL');
  await command;
  await vi.waitFor(async () => expect(await workspace.processes()).toEqual([]), { timeout: 20_000 });
  const [run = ''] = await readdir(join(workspace.root, 'results'));
  return join(workspace.root, 'results', run);
}

it('a point is measured several times, each with its own server, in an order that a resumed run keeps', async () => {
  await using workspace = await makeWorkspace({
    'configs/acme.yaml': CONFIG,
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
  });
  const run = await killed(workspace, ['sweep', '--repeat', '3']);

  const { stdout, exitCode } = await workspace.cli(['sweep', '--resume', run]);

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/ 3 runs .* … /);
  const { entries } = await readJournal(run);
  const shuffled = entries.flatMap((entry) => (entry.type === 'shuffled' ? [entry] : []));
  const begun = entries.flatMap((entry) => (entry.type === 'point-begun' ? [entry.name] : []));
  const [first, again] = shuffled;
  // The one that was killed begins again, before what is left.
  expect(begun).toEqual([...first!.names.slice(0, 2), ...again!.names]);
  expect(again!.names).toEqual(first!.names.slice(1));
  const results = await workspace.results();
  const [point = ''] = results.map(({ name }) => name);
  expect(results.map(({ name, point: of, repeat, state }) => [name, of, repeat, state])).toEqual([
    [point, point, 1, 'completed'],
    [`${point}.r2`, point, 2, 'completed'],
    [`${point}.r3`, point, 3, 'completed'],
  ]);
  expect(new Set(results.map(({ provenance }) => provenance.session)).size).toBe(3);
  expect(JSON.parse(await workspace.readRunFile('run.json'))).toMatchObject({
    ...{ state: 'finished', points: 3, pointNames: results.map(({ name }) => name) },
    repeats: { count: 3, seed: first!.seed },
  });
  expect(JSON.parse(await workspace.readRunFile('results_bmk/agg_bmk.json'))).toHaveLength(1);
  expect((await readdir(run)).filter((name) => name.startsWith('bmk_'))).toHaveLength(1);
});
