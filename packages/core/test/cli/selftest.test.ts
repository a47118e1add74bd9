import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createConsoleLogger } from '../../src/cli/console-logger.js';
import { createApp } from '../../src/cli/container.js';
import { selftestCommand } from '../../src/cli/commands/selftest.js';
import { runProgram } from '../../src/cli/program.js';
import { exactCells, pacedCell, type Cell } from '../../src/cli/selftest/cell.js';
import { compare, type Measured } from '../../src/cli/selftest/compare.js';
import { runCell, type CellRun } from '../../src/cli/selftest/run-cell.js';
import { isWithin1Ms, isWithin5Percent, rooflineOf } from '../../src/cli/selftest/verdict.js';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import type { GoldenRequest } from '../../src/load/golden/log.js';
import type { RequestRecord, RunRecord } from '../../src/load/record.js';
import { specFor } from '../load/specs.js';
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
    expect(stderr).toContain('TTFT mean');
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
    expect(written.join('')).toMatch(/INEXACT: the text of request \d+ is not what the server sent/);
    expect(written.join('')).not.toContain('tokens/s at the highest rate');
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
    ['a record is there twice', '(lines) => lines.with(2, lines[1])', /indices: 63, not 64/],
    [
      'a character is lost',
      "(lines) => lines.with(1, lines[1].replace('#', ''))",
      /text of request \d+ is not/,
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
  ])('is wrong when %s', async (_name, change, problem) => {
    const folder = await mkdtemp(join(tmpdir(), 'sweepline-cell-'));
    try {
      const [cell] = exactCells();
      const quick: Cell = { ...cell!, server: { text: 'hard' } };
      const cellRun = await runCell(quick, {
        executor: createLocalExecutor(),
        loadCommand: tampering(change),
        goldenServerCommand: [process.execPath, BIN, 'golden-server'],
        folder,
        spin: false,
        signal: new AbortController().signal,
      });
      expect(compare(quick, cellRun).problems.join('\n')).toMatch(problem);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** A client that sees each first token `ttft` ms later, and the others `itl` ms further apart than they were sent. */
function measuredWith(streams: number, { ttft, itl }: { ttft: number; itl: number }): Measured {
  const cell = pacedCell(streams, { workers: 1, servers: 1 }, 3);
  const requests = Array.from({ length: cell.requests }, (_, index): RequestRecord => {
    const at = 1000 * index;
    return {
      index,
      state: 'completed',
      scheduledMs: at,
      sentMs: at,
      chunkMs: [200, 220 + itl, 240 + 2 * itl].map((ms) => at + ms + ttft),
      requestedOutputTokens: 3,
      outputTokens: 3,
    };
  });
  const truth = requests.map(({ index }): GoldenRequest => {
    const sentMs = [200, 220, 240].map((ms) => 1000 * index + ms);
    return {
      ordinal: index,
      api: 'completions',
      connection: 0,
      digest: String(index),
      receivedMs: 1000 * index,
      promptTokens: 1,
      tokens: 3,
      tokensSent: 3,
      end: 'completed',
      firstSentMs: sentMs[0],
      lastSentMs: sentMs[2],
      writes: { dueMs: sentMs.map((ms) => ms - 0.5), sentMs, tokens: [1, 1, 1] },
      cpuS: { received: index, ended: index + 0.1 },
    };
  });
  return compare(cell, runOf(requests, truth, 0.06 * streams));
}

function runOf(requests: readonly RequestRecord[], truth: readonly GoldenRequest[], cpuS = 1): CellRun {
  const client = { name: 'c', peakInFlight: 1, sendLagMs: { mean: 0, max: 0 }, cpuS };
  const run: RunRecord = {
    spec: specFor({ url: 'http://127.0.0.1:1' }),
    originUnixMs: 0,
    window: { startMs: 0, endMs: 1 },
    requests,
    warmups: { completed: 0, failed: 0 },
    client,
    complete: true,
  };
  const log = {
    schema: 'sweepline.golden/1',
    originUnixMs: 0,
    originMonotonicMs: 0,
    connections: 1,
  } as const;
  return { run, log: { ...log, requests: truth } };
}

describe('the comparison', () => {
  it("takes the server's figures from the client's", () => {
    const { errors, truth, lateMs, cpuUsPerToken, problems } = measuredWith(10, { ttft: 2, itl: -0.5 });
    expect(problems).toEqual([]);
    expect(truth).toEqual({ meanTtft: 200, p99Ttft: 200, meanItl: 20, p99Itl: 20 });
    expect(errors).toEqual({ meanTtft: 2, p99Ttft: 2, meanItl: -0.5, p99Itl: -0.5 });
    expect(lateMs).toBeCloseTo(0.5, 6);
    // 0.6 CPU seconds for 20 requests of 3 tokens.
    expect(cpuUsPerToken).toBeCloseTo(10_000, 6);
  });

  it.each([
    [{ ttft: 1, itl: -1 }, true, true],
    [{ ttft: 10, itl: 1 }, false, true],
    [{ ttft: -10.1, itl: 0 }, false, false],
    [{ ttft: 0, itl: 1.1 }, false, false],
  ])('of %o is within 1 ms: %s, within 5 %%: %s', (shift, within1Ms, within5Percent) => {
    const measured = measuredWith(10, shift);
    expect(isWithin1Ms(measured)).toBe(within1Ms);
    expect(isWithin5Percent(measured)).toBe(within5Percent);
  });

  it('tells how busy the busiest of several servers was', () => {
    const cell = pacedCell(1, { workers: 1, servers: 2 }, 1);
    const answers = [0.2, 0.95].map((usedS, server): GoldenRequest => {
      const cpuS = { received: 5, ended: 5 + usedS };
      const times = { receivedMs: 0, firstSentMs: 1000, lastSentMs: 1000 };
      const known = {
        api: 'completions',
        connection: server,
        digest: String(server),
        end: 'completed',
      } as const;
      return { ...known, ...times, ordinal: server, server, promptTokens: 1, tokens: 1, tokensSent: 1, cpuS };
    });
    const { run, log } = runOf([], answers);
    expect(compare(cell, { run, log })).toMatchObject({
      serverCores: expect.closeTo(0.95, 6) as number,
      limit: 'server',
    });
  });

  it('finds the most streams within each bound, of exact cells alone', () => {
    const cells = [
      measuredWith(16, { ttft: 0.1, itl: 0 }),
      measuredWith(64, { ttft: 0.5, itl: 0.1 }),
      measuredWith(256, { ttft: 5, itl: 0.5 }),
      measuredWith(512, { ttft: 20, itl: 5 }),
      { ...measuredWith(1024, { ttft: 0, itl: 0 }), problems: ['a token is missing'] },
      // A server that didn't do what was asked for says nothing about the level.
      { ...measuredWith(2048, { ttft: 0, itl: 0 }), lateMs: 21 },
    ];
    expect(rooflineOf(1, cells)).toMatchObject({
      workers: 1,
      within1Ms: { streams: 64 },
      within5Percent: { streams: 256 },
    });
    expect(rooflineOf(2, cells)).toEqual({ workers: 2, max: [] });
  });
});
