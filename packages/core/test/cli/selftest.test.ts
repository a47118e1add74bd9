import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createConsoleLogger } from '../../src/cli/console-logger.js';
import { createApp } from '../../src/cli/container.js';
import { selftestCommand } from '../../src/cli/commands/selftest.js';
import { runProgram } from '../../src/cli/program.js';
import { exactCells, type Cell } from '../../src/selftest/cell.js';
import { compare, type Measured } from '../../src/selftest/compare.js';
import { runCell } from '../../src/selftest/run-cell.js';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { runCli } from '../run-cli.js';

const BIN = join(import.meta.dirname, '../../bin/sweepline.js');

interface Output {
  readonly measured: readonly Measured[];
  readonly exact: boolean;
  readonly rooflines: readonly { readonly workers: number; readonly max: readonly object[] }[];
}

describe('sweepline selftest', () => {
  it('measures the load generator against golden servers, and finds it exact', async () => {
    const args = ['selftest', '--quick', '--streams', '4', '--workers', '1', '--json'];
    const { exitCode, stdout, stderr } = await runCli(args, tmpdir());
    expect(exitCode, stderr).toBe(0);
    const { measured, exact, rooflines } = JSON.parse(stdout) as Output;
    expect(exact).toBe(true);
    expect(measured.filter(({ cell }) => cell.kind === 'exact').map(({ cell }) => cell.api)).toEqual([
      'completions',
      'chat',
      'sglang',
      'trtllm',
    ]);
    for (const { cell, errors, truth, tokensPerS, cpuUsPerToken } of measured) {
      expect(tokensPerS).toBeGreaterThan(0);
      expect(cpuUsPerToken).toBeGreaterThan(0);
      if (cell.kind !== 'paced') continue;
      expect(cell.streams).toBe(4);
      expect(Object.values(errors ?? {})).toEqual(Array(4).fill(expect.any(Number)));
      expect(truth!.meanTtft).toBeGreaterThanOrEqual(200);
    }
    expect(rooflines).toMatchObject([{ workers: 1, max: [{ eventsPerWrite: 1 }, { eventsPerWrite: 8 }] }]);
    expect(stderr).toContain('TTFT error');
    expect(Math.max(...stderr.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('fails, and gives no figures, when a count or a text is not the one of the server', async () => {
    const written: string[] = [];
    const terminal = {
      stdout: (text: string) => void written.push(text),
      stderr: () => {},
      interactive: false,
      columns: 160,
      statusColumns: 160,
    };
    const logger = createConsoleLogger(terminal);
    const { signal } = new AbortController();
    const { execPath } = process;
    const app = createApp({ cwd: tmpdir(), args: [], env: {}, execPath, terminal, logger, signal });
    const loadCommand = tampering("(lines) => lines.with(1, lines[1].replace('#', ''))");
    const program = new Command().addCommand(selftestCommand({ ...app, loadCommand }));
    const argv = ['node', 'sweepline', 'selftest', '--quick', '--streams', '2'];
    expect(await runProgram(Promise.resolve(program), argv, logger)).toBe(1);
    expect(written.join('')).toMatch(/INEXACT: the text of request \d+ differs from what the server sent/);
    expect(written.join('')).toContain('COUNTS OR TEXTS WERE WRONG');
    expect(written.join('')).not.toContain('highest rate');
  });

  it('takes only ascending numbers', async () => {
    expect((await runCli(['selftest', '--workers', '2,1'], tmpdir())).exitCode).toBe(2);
  });
});

/** A load process that measures right and then changes what it wrote. */
function tampering(change: string): readonly string[] {
  const code = `
    import { spawnSync } from 'node:child_process';
    import { readFileSync, writeFileSync } from 'node:fs';
    const spec = process.argv[1];
    const { stdout } = spawnSync(process.execPath, [${JSON.stringify(BIN)}, 'load', spec], { stdio: ['ignore', 'pipe', 'inherit'] });
    process.stdout.write(stdout);
    const { recordsFile } = JSON.parse(readFileSync(spec, 'utf8')).output;
    const change = ${change};
    writeFileSync(recordsFile, change(readFileSync(recordsFile, 'utf8').split('\\n')).join('\\n'));`;
  return [process.execPath, '--input-type=module', '-e', code];
}

describe('a cell', () => {
  it.each([
    ['a record is missing', '(lines) => lines.toSpliced(1, 1)', /requests: 63, not 64/],
    [
      'a character is lost',
      "(lines) => lines.with(1, lines[1].replace('#', ''))",
      /text of request \d+ differs from/,
    ],
    [
      'a chunk is lost',
      "(lines) => lines.with(1, lines[1].replace(/,\\d+]}$/, ']}'))",
      /chunks of request \d+: 39/,
    ],
    [
      'two answers are one',
      '(lines) => lines.with(1, lines[1].replace(/#\\d{8}/, /#\\d{8}/.exec(lines[2])[0]))',
      /text of request|belong to no request/,
    ],
    [
      'two requests have each other’s answers',
      `(lines) => {
        const [one, two] = [1, 2].map((at) => JSON.parse(lines[at]));
        return lines
          .with(1, JSON.stringify({ ...one, index: two.index }))
          .with(2, JSON.stringify({ ...two, index: one.index }));
      }`,
      /request \d+ has the text of another's answer/,
    ],
  ])('is wrong when %s', async (_name, change, problem) => {
    const { cell, run } = await tampered(change);
    expect(compare(cell, run).problems.join('\n')).toMatch(problem);
  });

  it('has no records when one is there twice', async () => {
    await expect(tampered('(lines) => lines.with(2, lines[1])')).rejects.toThrow(
      /can't read the records: lines 2 and 3 are both request \d+/,
    );
  });
});

/** A cell's run whose records were changed. */
async function tampered(change: string) {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-cell-'));
  try {
    const [exact] = exactCells();
    const cell: Cell = { ...exact!, server: { text: 'hard' } };
    const run = await runCell(cell, {
      executor: createLocalExecutor(),
      loadCommand: tampering(change),
      goldenServerCommand: [process.execPath, BIN, 'golden-server'],
      folder,
      signal: new AbortController().signal,
    });
    return { cell, run };
  } finally {
    await rm(folder, { recursive: true });
  }
}
