import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML, type TestWorkspace } from '../workspace.js';
import type { Result } from '../../src/results/schema.js';

/** Requests before the measured ones, and some of those. */
const IN_MID_RUN = '12';

async function sweepOf(args: readonly string[], yaml = SWEEPLINE_YAML) {
  await using workspace = await makeWorkspace({
    'configs/sweepline.yaml': yaml,
    'configs/acme.yaml': acmeEntry('stalled', { options: { args } }),
  });
  const { exitCode, stdout } = await workspace.cli(['sweep', '--json', '--allow-invalid']);
  const { results } = JSON.parse(stdout) as { results: Result[] };
  const [result] = results;
  const folder = join(workspace.root, 'results');
  return { exitCode, result: result!, folder, records: await recordsIn(folder, result!.name) };
}

async function recordsIn(folder: string, name: string): Promise<string> {
  const [run = ''] = await readdir(folder);
  return readFile(join(folder, run, 'points', name, 'records.jsonl'), 'utf8');
}

it('marks a stall of the server with what its log says of that moment', async () => {
  const { result } = await sweepOf([
    ...[
      '--hold-after',
      IN_MID_RUN,
      '--hold-for-ms',
      '2600',
      '--hold-says',
      'collecting garbage \u001b[2J now',
    ],
  ]);
  expect(result.state).toBe('completed');
  const mark = 'marks' in result ? result.marks.find(({ code }) => code === 'server-stall') : undefined;
  expect(mark).toMatchObject({ severity: 'invalid' });
  expect(mark?.message).toMatch(/no token arrived from any stream for 2\.\d s/);
  expect(mark?.message).toMatch(/server-0-0\.log then: .*collecting garbage ␛\[2J now/);
});

it('tells first use apart', async () => {
  const { result } = await sweepOf([
    ...[
      '--hold-after',
      IN_MID_RUN,
      '--hold-for-ms',
      '2600',
      '--hold-says',
      'Capturing CUDA graphs (decode, FULL): 2/35',
    ],
  ]);
  const message =
    'marks' in result ? result.marks.find(({ code }) => code === 'server-stall')?.message : undefined;
  expect(message).toMatch(/first use, according to its log: logs\/server-0-0\.log: .*Capturing CUDA graphs/);
});

it('ends a point whose server says nothing any more, and keeps what was measured', async () => {
  const { exitCode, result, records } = await sweepOf(
    ['--hold-after', IN_MID_RUN],
    `${SWEEPLINE_YAML}client: { idle-limit-s: 1 }\n`,
  );
  expect(exitCode).toBe(1);
  expect(result).toMatchObject({ state: 'failed', error: { code: 'LOAD_IDLE' } });
  expect(records.split('\n').filter((line) => line.includes('"state":"completed"')).length).toBeGreaterThan(
    0,
  );
});

/** A process of the workspace with this word among its arguments. */
async function pidOf(workspace: TestWorkspace, word: RegExp): Promise<number> {
  for (const pid of await workspace.processes()) {
    if (word.test(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))) return pid;
  }
  throw new Error('no such process');
}

// Both wait for what does not end by itself.
it.concurrent.each([
  ['server', /fake-server-main/],
  ['load process', /\0load\0|load-process/],
])('ends a point whose %s is stopped, as Ctrl-Z or a debugger does, and goes on', async (_, word) => {
  const slow = acmeEntry('slow', { options: { args: ['--token-ms', '300'] } });
  await using workspace = await makeWorkspace({
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { idle-limit-s: 2 }\n`,
    'configs/acme.yaml': slow + acmeEntry('last'),
  });
  const command = workspace.start(['sweep', '--allow-invalid']);
  await vi.waitFor(
    async () => {
      const [run = ''] = await readdir(join(workspace.root, 'results'));
      // While a point runs, its records are on its node.
      const nodes = join(workspace.root, 'results', run, 'sessions');
      const records = (await readdir(nodes, { recursive: true })).find((path) =>
        /records\.jsonl$/.test(path),
      );
      expect(await readFile(join(nodes, records ?? ''), 'utf8')).toContain('"index"');
    },
    { timeout: 30_000, interval: 50 },
  );

  process.kill(await pidOf(workspace, word), 'SIGSTOP');

  expect((await command).exitCode).toBe(1);
  const [stopped, last] = await workspace.results();
  expect(stopped).toMatchObject({ state: 'failed', error: { code: 'LOAD_IDLE' } });
  expect(last).toMatchObject({ state: 'completed' });
  expect(await workspace.processes()).toEqual([]);
});
