import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { expect, it, vi } from 'vitest';
import { runCli } from '../run-cli.js';
import { describeRecorded, recordings } from '../recordings.js';

const ROOT = recordings('matrix');
const BIN = join(import.meta.dirname, '../../bin/sweepline.js');

interface Case {
  readonly id: string;
  readonly version: 'seed' | 'upstream';
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly expect: 'ok' | 'error';
  readonly stdoutFile?: string;
  /**
   * Quirks of Python, YAML 1.1 or loose coercion: expects the recorded output, a clear error, or success where the original
   * crashed.
   */
  readonly lenient: boolean;
}

interface Outcome {
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Most cases read the same few files; expansion is pure, so entries are read once and reused. */
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

const run = ({ cwd, argv }: Case): Promise<Outcome> => runCli(['matrix', ...argv], join(ROOT, cwd));

function golden({ stdoutFile = '' }: Case): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(ROOT, 'golden', stdoutFile))).toString());
}

/** Wrong usage or a wrong config: nothing on stdout, and a message with the reason. */
function expectRefusal({ exitCode, stdout, stderr }: Outcome): void {
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: expect.toBeOneOf([2, 3]) as number,
    stdout: '',
    stderr: expect.stringMatching(/^(?:(?:USAGE|CONFIG_\w+|error): \S|Usage: )/) as string,
  });
}

function expectGolden(one: Case, { exitCode, stdout, stderr }: Outcome): void {
  const expected = golden(one);
  // The original also prints an empty matrix, but silently; ours warns.
  const isEmpty = Array.isArray(expected) && expected.length === 0;
  const said = isEmpty ? (expect.stringMatching(/^warning: no job is left: \S/) as string) : '';
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: said });
  const printed = JSON.parse(stdout) as unknown;
  // Vitest takes far longer to compare, and is needed to say what differs.
  if (!isDeepStrictEqual(printed, expected)) expect(printed).toEqual(expected);
}

const expectRecorded = (one: Case, outcome: Outcome): void =>
  one.expect === 'ok' ? expectGolden(one, outcome) : expectRefusal(outcome);

describeRecorded(ROOT, 'the matrix as InferenceX makes it', () => {
  it.each(cases.filter(({ lenient }) => !lenient))('$id', async (one) => {
    expectRecorded(one, await run(one));
  });

  it.each(cases.filter(({ lenient }) => lenient))('$id, or a refusal', async (one) => {
    const outcome = await run(one);
    if (outcome.exitCode !== 0) expectRefusal(outcome);
    else if (one.expect === 'ok') expectGolden(one, outcome);
    else expect(JSON.parse(outcome.stdout)).toBeInstanceOf(Array);
  });

  it.each(cases.filter(({ lenient }, index) => !lenient && index % 197 === 0))(
    '$id, as a process of its own',
    async (one) => {
      const options = { cwd: join(ROOT, one.cwd), reject: false, stdin: 'ignore' } as const;
      expectRecorded(one, await execa(process.execPath, [BIN, 'matrix', ...one.argv], options));
    },
  );
});
