import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { steps } from './templates.js';

/** As a matrix of a workflow gave them. */
const RECORDED = [
  'c1-1',
  'h200',
  'dsr1-fp8-sglang-h200',
  '18204571134',
  '0b9a41f8f7ce31f2d5c1a4d77a1b1d2d9a5a3c11',
];
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '"; touch pwned; "',
  "'; touch pwned; '",
  'a\nb\n::add-mask::c',
  '::set-env name=NODE_OPTIONS::--require=./evil.js',
  'x\nGITHUB_ENV<<EOF\nNODE_OPTIONS=--require=./evil.js\nEOF',
  '${{ github.token }}',
  '*',
  '-rf ~',
  '',
];
const FILES = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-steps-'));
  for (const name of ['npm', 'npx']) {
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\nprintf '%s\\0' ${name} "$@" > "$CALLED"\nenv -0 > "$CALLED.env"\n`,
    );
    chmodSync(join(folder, name), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a script calls, and the environment that it gets, if all that workflows fill in has one value. */
function called(script: string, names: readonly string[], value: string) {
  const at = (name: string): string => join(folder, name);
  for (const name of FILES) writeFileSync(at(name), '');
  const stdout = execFileSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...{ PATH: `${folder}:/usr/bin:/bin`, CALLED: at('called') },
      ...Object.fromEntries(FILES.map((name) => [name, at(name)])),
      ...Object.fromEntries(names.map((name) => [name, value])),
    },
  });
  const environment = new Map(
    readFileSync(at('called.env'), 'utf8')
      .split('\0')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  return {
    words: readFileSync(at('called'), 'utf8').split('\0').slice(0, -1),
    values: names.map((name) => environment.get(name)),
    written: FILES.map((name) => readFileSync(at(name), 'utf8')).join('') + stdout,
  };
}

describe('each run: step', () => {
  const scripts = new Map(
    steps.flatMap(({ step }) =>
      step.run === undefined ? [] : [[`${step.run} (${Object.keys(step.env).join(' ')})`, step] as const],
    ),
  );
  it.each([...scripts])('%s: runs its words, and takes values as they are', (_, { run = '', env }) => {
    const names = Object.keys(env);
    for (const value of [...RECORDED, ...HOSTILE]) {
      const { words, values, written } = called(run, names, value);
      expect(words).toEqual(run.split(' '));
      expect(values).toEqual(names.map(() => value));
      expect(written).toBe('');
    }
    expect(() => readFileSync(join(folder, 'pwned'))).toThrow('ENOENT');
  });
});
