import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/cli/container.js';
import { createProgram, runProgram } from '../../src/cli/program.js';

const ROOT = resolve(
  process.env['SWEEPLINE_CONFORMANCE'] ?? join(import.meta.dirname, '../../../../../shared/conformance'),
  'matrix',
);
const BIN = join(import.meta.dirname, '../../bin/sweepline.js');

interface Case {
  readonly id: string;
  readonly version: 'seed' | 'upstream';
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly expect: 'ok' | 'error';
  readonly stdoutFile?: string;
  readonly lenient: boolean;
}

interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Most cases read the same few files; expansion is pure, so that entries which were read once serve them all. */
vi.mock(import('../../src/config/load.js'), async (original) => {
  const actual = await original();
  const read = new Map<string, ReturnType<typeof actual.loadMasterConfigs>>();
  const loadMasterConfigs: typeof actual.loadMasterConfigs = (patterns, cwd) => {
    const key = JSON.stringify([patterns, cwd]);
    const entries = read.get(key) ?? actual.loadMasterConfigs(patterns, cwd);
    read.set(key, entries);
    return entries;
  };
  return { ...actual, loadMasterConfigs };
});

const present = existsSync(join(ROOT, 'cases.json'));
const cases = present ? (JSON.parse(readFileSync(join(ROOT, 'cases.json'), 'utf8')) as readonly Case[]) : [];

async function inProcess({ cwd, argv }: Case): Promise<Outcome> {
  const out = { stdout: '', stderr: '' };
  const say = (text: string): void => void (out.stderr += `${text}\n`);
  const logger = { debug: say, info: say, warn: say, error: say };
  const terminal = {
    stdout: (text: string) => void (out.stdout += text),
    stderr: (text: string) => void (out.stderr += text),
    interactive: false,
    columns: 80,
  };
  const { signal } = new AbortController();
  const app = createApp({
    ...{ cwd: join(ROOT, cwd), env: {}, execPath: process.execPath, terminal, logger, signal },
  });
  const line = ['node', 'sweepline', 'matrix', ...argv];
  const exitCode = await runProgram(await createProgram(app, line), line, logger);
  return { ...out, exitCode };
}

function golden({ stdoutFile = '' }: Case): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(ROOT, 'golden', stdoutFile))).toString());
}

/** Refused: nothing on stdout, and one message that says why. */
function expectRefusal({ exitCode, stdout, stderr }: Outcome): void {
  expect({ exitCode, stdout }).toEqual({ exitCode: expect.toSatisfy(isRefusal) as number, stdout: '' });
  expect(stderr).toMatch(/^(?:[A-Z_]+|error): \S/);
  expect(stderr).not.toContain('INTERNAL');
}

const isRefusal = (exitCode: number): boolean => exitCode === 2 || exitCode === 3;

function expectGolden(one: Case, { exitCode, stdout, stderr }: Outcome): void {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual(golden(one));
}

describe.skipIf(!present)(`the matrix as recorded (skipped without ${ROOT})`, () => {
  describe.each(['seed', 'upstream'] as const)('%s', (version) => {
    const strict = cases.filter((one) => one.version === version && !one.lenient);

    it.each(strict.filter((one) => one.expect === 'ok'))('$id', async (one) => {
      expectGolden(one, await inProcess(one));
    });

    it.each(strict.filter((one) => one.expect === 'error'))('$id is refused', async (one) => {
      expectRefusal(await inProcess(one));
    });
  });

  describe('quirks: as recorded, or refused, or made sense of where the original crashes', () => {
    const tally = new Map<string, number>();
    afterAll(() => {
      const lines = [...tally].sort().map(([outcome, count]) => `${outcome}: ${count}`);
      console.info(`lenient cases: ${lines.join(', ')}`);
    });

    it.each(cases.filter(({ lenient }) => lenient))('$id', async (one) => {
      const outcome = await inProcess(one);
      if (outcome.exitCode !== 0) expectRefusal(outcome);
      else if (one.expect === 'ok') expectGolden(one, outcome);
      else expect(Array.isArray(JSON.parse(outcome.stdout))).toBe(true);
      const kind = outcome.exitCode !== 0 ? 'refused' : one.expect === 'ok' ? 'as recorded' : 'made sense of';
      const name = `${one.version} ${kind}`;
      tally.set(name, (tally.get(name) ?? 0) + 1);
    });
  });

  const whole = cases.filter(({ lenient }, index) => !lenient && index % 197 === 0);
  it.each(whole)('$id, as a process of its own', async (one) => {
    const options = { cwd: join(ROOT, one.cwd), reject: false, stdin: 'ignore' } as const;
    const outcome = await execa(process.execPath, [BIN, 'matrix', ...one.argv], options);
    if (one.expect === 'ok') expectGolden(one, outcome);
    else expectRefusal(outcome);
  });
});
