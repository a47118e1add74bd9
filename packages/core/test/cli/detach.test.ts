import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

const ENDLESS = acmeEntry('endless', { options: { args: ['--hold-after', '0'] } });

async function runName(workspace: TestWorkspace): Promise<string> {
  const names = await readdir(join(workspace.root, 'results'));
  expect(names).toEqual([expect.stringMatching(/^\d/)]);
  return names[0]!;
}

describe('a detached sweep', () => {
  it('goes on when its command has returned; attach shows all of it, and ends with its exit code', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('first') + acmeEntry('bad', { options: { args: ['--exit-with', '7'] } }),
    });

    // As npx starts it, whose end must not matter.
    const env = { npm_command: 'exec' };
    const { exitCode, stderr } = await workspace.cli(['sweep', '--detach', '--allow-invalid'], { env });
    const name = await runName(workspace);
    const attached = await workspace.cli(['attach', name]);

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(new RegExp(`process \\d+ measures .*${name}`));
    expect(attached.exitCode).toBe(1);
    expect(attached.stderr).toMatch(/\[1\/2\] first_.* loading/);
    expect(attached.stderr).toMatch(/failed: SERVER_DIED/);
    expect((await workspace.results()).map(({ state }) => state)).toEqual(['completed', 'failed']);
  });

  it('is ended by stop', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': ENDLESS });
    await workspace.cli(['sweep', '--detach']);
    const name = await runName(workspace);

    const { exitCode } = await workspace.cli(['stop', name]);

    expect(exitCode).toBe(0);
    expect((await workspace.cli(['status', name])).stdout).toContain('it was interrupted');
    await vi.waitFor(async () => expect(await workspace.processes()).toEqual([]), { timeout: 20_000 });
  });

  it('that has no run says why, with its exit code, and leaves nothing', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': 'first: {}\n' });

    const { exitCode, stderr } = await workspace.cli(['sweep', '--detach']);

    expect(exitCode).toBe(3);
    expect(stderr).toContain('CONFIG_INVALID');
    expect(await readdir(join(workspace.root, 'results'))).toEqual([]);
  });
});

it('what a run in a terminal said was not kept', async () => {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('first') });
  await workspace.cli(['sweep', '--allow-invalid']);

  const { exitCode, stderr } = await workspace.cli(['attach', await runName(workspace)]);

  expect(exitCode).toBe(5);
  expect(stderr).toContain('--detach');
});
