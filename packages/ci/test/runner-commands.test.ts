import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { contextIn, onRunner } from './context.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sweepline-runner-'));
  vi.stubEnv('GITHUB_ACTIONS', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

it("lets GitHub's runner take no command from what is said meanwhile", async () => {
  const { exitCode, stdout } = await onRunner(contextIn(root), 'init', '--for', 'cron');
  const [, token = ''] = /^::stop-commands::([0-9a-f-]{36})\n/.exec(stdout) ?? [];
  expect(exitCode).toBe(0);
  expect(token).not.toBe('');
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`::${token}::`);
});

it('says errors before the runner listens again, as they may quote others', async () => {
  const context = contextIn(root);
  const said: string[] = [];
  const terminal = {
    ...context.terminal,
    stdout: (text: string) => void said.push(text),
    stderr: (text: string) => void said.push(text),
  };
  writeFileSync(join(root, 'event.json'), '::error::x\n::add-mask::y');
  vi.stubEnv('GITHUB_EVENT_PATH', join(root, 'event.json'));
  vi.stubEnv('GITHUB_EVENT_NAME', 'push');
  const { exitCode } = await onRunner({ ...context, terminal }, 'setup');

  expect(exitCode).toBe(2);
  expect(said.map((text) => text.slice(0, 8))).toEqual([
    '::stop-c',
    'USAGE: c',
    expect.stringMatching(/^::[0-9a-f]{6}/),
  ]);
});
