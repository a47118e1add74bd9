import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { runOf } from '../hostile.js';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));
const NX = fileURLToPath(new URL('../../../../node_modules/nx', import.meta.url));

/** A server that answers nothing, so that its load goes on until it is stopped. */
const ENDLESS = acmeEntry('endless', { options: { args: ['--hold-after', '0'] } });

async function makeEndless(): Promise<TestWorkspace> {
  const workspace = await makeWorkspace({
    'configs/acme.yaml': ENDLESS,
    'nx.json': '{ "analytics": false, "tui": { "enabled": false } }',
    'package.json': JSON.stringify({
      name: 'ws',
      private: true,
      nx: {
        targets: {
          sweep: { executor: 'nx:run-commands', cache: false, options: { command: `node ${BIN} sweep` } },
        },
      },
    }),
  });
  const bin = join(workspace.root, 'node_modules', '.bin');
  await mkdir(bin);
  await symlink(BIN, join(bin, 'sweepline'));
  await symlink(NX, join(workspace.root, 'node_modules', 'nx'));
  return workspace;
}

const STARTERS = {
  npx: ['npm', 'exec', '--offline', '--no', '--', 'sweepline', 'sweep'],
  nx: [process.execPath, join(NX, 'dist', 'bin', 'nx.js'), 'run', 'ws:sweep'],
} as const;

/** Starts a sweep by npx or nx, ends that once the load runs, and waits until nothing of the workspace runs. */
async function endStarter(starter: keyof typeof STARTERS, signal: NodeJS.Signals) {
  await using workspace = await makeEndless();
  const [file, ...args] = STARTERS[starter];
  const outer = execa(file, args, {
    cwd: workspace.root,
    env: { NX_DAEMON: 'false' },
    reject: false,
    all: true,
    stdin: 'ignore',
    // A process group of its own, as a terminal has one for each command.
    detached: true,
  });
  const lines = createInterface({ input: outer.all });
  await new Promise<void>((resolve) => lines.on('line', (line) => / {2}loading$/.test(line) && resolve()));
  expect(await workspace.processes()).not.toEqual([]);

  // Ctrl-C goes to all of the group; npm's own shell keeps one that npm alone gets to itself.
  if (signal === 'SIGINT') process.kill(-outer.pid!, signal);
  else outer.kill(signal);

  await vi.waitUntil(async () => (await workspace.processes()).length === 0, 20_000);
  await outer;
  return await runOf(workspace);
}

describe('ending what has started a sweep ends the sweep, its load and its servers', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('npx by %s', async (signal) => {
    expect(await endStarter('npx', signal)).toMatchObject({ state: 'interrupted' });
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('nx by %s', async (signal) => {
    expect(await endStarter('nx', signal)).toMatchObject({ state: 'interrupted' });
  });
});
