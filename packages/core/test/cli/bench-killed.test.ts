import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it, vi } from 'vitest';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import { startFakeServer } from '../../src/testing/index.js';
import { makeWorkspace } from '../workspace.js';

const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));

it.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'a bench that is hit in mid-run leaves no process, and records that say so (%s)',
  async (signal) => {
    await using fake = await startFakeServer();
    await using workspace = await makeWorkspace();
    const temporary = join(workspace.root, 'tmp');
    await mkdir(temporary);
    const bench = (...args: readonly string[]) =>
      execa(
        process.execPath,
        [
          ...[BIN, 'bench', '--base-url', fake.url, '--model', 'fake-model', '--random-input-len', '30'],
          ...['--random-output-len', '8', '--max-concurrency', '4', '--keep-records', 'R.jsonl', ...args],
        ],
        { cwd: workspace.root, env: { TMPDIR: temporary }, reject: false, stdin: 'ignore' },
      );
    const hit = bench('--num-prompts', '50000');
    await fake.when(({ completed }) => completed >= 100);

    hit.kill(signal);

    await hit;
    await vi.waitFor(async () => expect(await workspace.processes()).toEqual([]), { timeout: 20_000 });
    const { complete, requests } = decodeRunRecord(await readFile(join(workspace.root, 'R.jsonl'), 'utf8'));
    expect(complete).toBe(false);
    expect(requests.filter(({ state }) => state === 'completed').length).toBeGreaterThan(0);
    const { stdout, stderr } = await workspace.cli(['metrics', 'recompute', 'R.jsonl']);
    expect(stdout + stderr).toMatch(/ended early/);
    expect(await readdir(temporary)).toHaveLength(signal === 'SIGKILL' ? 1 : 0);

    await bench('--num-prompts', '4');

    expect(await readdir(temporary)).toEqual([]);
  },
);
