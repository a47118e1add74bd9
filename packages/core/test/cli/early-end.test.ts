import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { makeHostileWorkspace, runOf, startHostile } from '../hostile.js';
import type { TestWorkspace } from '../workspace.js';

/** The command has said such a line. */
async function said(command: ReturnType<typeof startHostile>, line: RegExp): Promise<void> {
  const lines = createInterface({ input: command.stderr });
  await new Promise<void>((resolve) => lines.on('line', (text) => line.test(text) && resolve()));
}

async function nothingRuns(workspace: TestWorkspace): Promise<void> {
  await vi.waitUntil(async () => (await workspace.processes()).length === 0, 20_000);
}

describe('a process that a plugin keeps from its end', () => {
  it.each([
    [
      'a timer that throws',
      'preflight:throws-later',
      /PLUGIN_THREW: code of @hostile\/sweepline-plugin threw outside of any call: boom in a timer \(at .*index\.js:\d+\)/,
    ],
    [
      'a promise that nobody waits for',
      'preflight:rejects-later',
      /left a promise rejected outside of any call: boom in a promise/,
    ],
    [
      'an exit',
      'preflight:exits',
      /code of @hostile\/sweepline-plugin ended the process with code 0; under way: hardware hostile-x1: preflight/,
    ],
    [
      'a loop after an await',
      'preflight:loops-later',
      /PLUGIN_TIMEOUT: code of @hostile\/sweepline-plugin \(at .*index\.js:\d+\) blocked the process/,
    ],
  ])('(%s) says whose it was, and closes the run as failed', async (_, wrong, message) => {
    await using workspace = await makeHostileWorkspace('healthy', 'hardware', 'endless');

    const { exitCode, stderr } = await startHostile(workspace, wrong);

    expect(stderr).toMatch(message);
    expect(exitCode).toBe(4);
    expect(await runOf(workspace)).toMatchObject({
      state: 'failed',
      reason: expect.any(String) as string,
      finishedAt: expect.any(String) as string,
    });
    expect((await workspace.results())[0]).toMatchObject({ state: 'completed' });
    await nothingRuns(workspace);
  });

  // These mostly wait for the limit that they have.
  it.concurrent.each([
    [
      'never',
      'import:never',
      /PLUGIN_TIMEOUT: package @hostile\/sweepline-plugin: import has not ended after 6 s/,
    ],
    [
      'never, with a timer',
      'import:never-alive',
      /PLUGIN_TIMEOUT: package @hostile\/sweepline-plugin: import/,
    ],
    [
      'in a loop',
      'import:loops',
      /PLUGIN_TIMEOUT: code of @hostile\/sweepline-plugin \(at .*index\.js:\d+\)/,
    ],
    ['with an exit', 'import:exits', /code of @hostile\/sweepline-plugin ended the process with code 0/],
  ])('as it is imported (%s) is named', async (_, wrong, message) => {
    await using workspace = await makeHostileWorkspace('healthy');

    const { exitCode, stderr } = await startHostile(workspace, wrong, ['plugins', 'list']);

    expect(stderr).toMatch(message);
    expect(exitCode).toBe(4);
  });

  it.concurrent('(a program that it waits for) is ended, though with no code of its own', async () => {
    await using workspace = await makeHostileWorkspace('framework');

    const { stderr, signal } = await startHostile(workspace, 'plan:waits', ['plan']);

    expect(stderr).toMatch(/PLUGIN_TIMEOUT: framework hostile: plan of .* blocked the process/);
    expect(signal).toBe('SIGKILL');
  });

  it('and that is told to stop twice ends at once', async () => {
    await using workspace = await makeHostileWorkspace('launcher');
    // The first signal stops the load; nodes that are never given back would be waited for after that.
    const command = startHostile(workspace, 'dispose:never', ['sweep'], {
      SWEEPLINE_PLUGIN_TIMEOUT_S: '600',
    });
    const [loading, stopping] = [said(command, /loading$/), said(command, /^stopping/)];
    await loading;
    command.kill('SIGINT');
    await stopping;

    const again = setInterval(() => command.kill('SIGINT'), 200);
    const { exitCode, stderr } = await command.finally(() => clearInterval(again));

    expect(stderr).toContain('ended by a second SIGINT');
    expect(exitCode).toBe(130);
    expect(await runOf(workspace)).toMatchObject({ state: 'interrupted' });
    await nothingRuns(workspace);
  });
});

describe('a plugin that hangs and leaves something running', () => {
  // No limit of its own ends it in the time of these tests.
  const PATIENT = { SWEEPLINE_PLUGIN_TIMEOUT_S: '600' };

  async function stopTwice(command: ReturnType<typeof startHostile>, signal: NodeJS.Signals) {
    const stopping = said(command, /^stopping/);
    command.kill(signal);
    await stopping;
    const again = setInterval(() => command.kill(signal), 200);
    return command.finally(() => clearInterval(again));
  }

  it('while nodes are waited for is left by a first signal or a second', async () => {
    await using workspace = await makeHostileWorkspace('launcher', 'healthy');
    const command = startHostile(workspace, 'acquire:never-alive', ['sweep'], PATIENT);
    await said(command, /^\[1\/2\].* starting$/);

    const { exitCode } = await stopTwice(command, 'SIGINT');

    expect(exitCode).toBe(130);
    expect(await runOf(workspace)).toMatchObject({ state: 'interrupted' });
    await nothingRuns(workspace);
  });

  it('while it is imported is ended by a second SIGTERM', async () => {
    await using workspace = await makeHostileWorkspace('healthy');
    const command = startHostile(workspace, 'import:never-alive-said', ['plugins', 'list'], PATIENT);
    await said(command, /^IMPORTING$/);

    const { exitCode, stdout } = await stopTwice(command, 'SIGTERM');

    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  });

  it('in a loop takes signals when its call is ended, and nothing is run after it', async () => {
    await using workspace = await makeHostileWorkspace('framework', 'healthy');
    const command = startHostile(workspace, 'plan:loops-said');
    await said(command, /^PLANNING$/);

    command.kill('SIGINT');

    const { exitCode, stderr } = await command;
    expect(stderr).toContain('PLUGIN_TIMEOUT: framework hostile: plan has not returned after 6 s');
    expect(exitCode).toBe(130);
    expect(await runOf(workspace)).toMatchObject({ state: 'interrupted' });
    const states = (await workspace.results()).map(({ state }) => state);
    expect(states).toEqual(['skipped', 'skipped']);
  });
});

it.each([
  [['plan', '--json'], 'import:noise,plan:noise', 2],
  [['sweep', '--json'], 'import:noise,plan:noise,compute:noise', 3],
] as const)('keeps stdout for data (%s)', async (args, noises, fewest) => {
  await using workspace = await makeHostileWorkspace('framework', 'healthy');

  const { stdout, stderr } = await startHostile(workspace, noises, args);

  const printed = JSON.parse(stdout) as { readonly results?: readonly object[] };
  expect(printed.results ?? printed).toHaveLength(2);
  expect(stderr.match(/HELLO FROM A PLUGIN/g)?.length).toBeGreaterThanOrEqual(fewest);
});

it('says with --verbose where in the code an error comes from', async () => {
  await using workspace = await makeHostileWorkspace('framework');

  const plain = await startHostile(workspace, 'plan:throws', ['plan']);
  const verbose = await startHostile(workspace, 'plan:throws', ['plan', '--verbose']);

  expect(plain.stderr).not.toContain('    at ');
  expect(verbose.stderr).toMatch(/caused by Error: boom\n +at .*index\.js:\d+:\d+/);
  expect(verbose.stderr).toMatch(/ at (new )?SweeplineError\b/);
});
