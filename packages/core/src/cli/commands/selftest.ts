import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../../errors.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import type { App } from '../app.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';
import { positiveInteger } from '../options.js';
import { describeMeasured, describeVerdict, headerRow, LEGEND } from '../selftest/report.js';
import type { CellContext } from '../selftest/run-cell.js';
import { DEFAULT_PLAN, QUICK_PLAN, selftest, type Selftest } from '../selftest/selftest.js';

const SELFTEST_SCHEMA = 'sweepline.selftest/1';

/** With so many cores the server can have one to itself. */
const CORES_TO_SPIN = 4;

interface Options {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly workers?: readonly number[];
  readonly streams?: readonly number[];
}

export function selftestCommand(app: App): Command {
  return new Command('selftest')
    .description(
      'measure how much this machine can measure: the load generator against a server of known truth',
    )
    .option('--quick', 'fewer and shorter cells, half a minute instead of one and a half at most')
    .option(
      '--workers <n,…>',
      'numbers of threads to try; default: 1, 2, 4, … up to half of the cores',
      counts,
    )
    .option('--streams <n,…>', 'numbers of streams to try; default: 64 to 16384', counts)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', examples('sweepline selftest', 'sweepline selftest --quick --workers 1,2 --json'))
    .addHelpText('after', '\nEverything stays on 127.0.0.1. Fails when a count or text was not the server’s.')
    .action(async (options: Options) => exitWith(await runSelftest(app, options)));
}

async function runSelftest(app: App, options: Options): Promise<number> {
  const { stdout, stderr } = app.terminal;
  // Cells are told as they end; where stdout is data, people read them on stderr.
  const say = (text: string): void => (options.json ? stderr : stdout)(`${text}\n`);
  const cores = availableParallelism();
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-selftest-'));
  const context: CellContext = {
    executor: createLocalExecutor(),
    loadCommand: app.loadCommand,
    goldenServerCommand: app.goldenServerCommand,
    folder,
    spin: cores >= CORES_TO_SPIN,
    signal: app.signal,
  };
  const workers = options.workers ?? workersFor(cores);
  const sides = workers.map((count) => ({ workers: count, servers: serversFor(count, cores) }));
  const [load = 0] = loadavg();
  // The load that the test itself makes isn't in it yet.
  if (load > cores / 4)
    app.logger.warn(
      `other programs keep this machine busy (load ${load.toFixed(1)} on ${cores} cores): it can do more than this`,
    );
  try {
    say(`${LEGEND}\n\n${headerRow()}`);
    const base = options.quick ? QUICK_PLAN : DEFAULT_PLAN;
    const plan = { ...base, sides, streams: options.streams ?? base.streams };
    const result = await selftest(plan, context, (measured) => say(describeMeasured(measured)));
    if (options.json) stdout(`${JSON.stringify(asJson(result, load), undefined, 2)}\n`);
    else say(`\n${describeVerdict(result)}`);
    return result.exact ? EXIT.ok : EXIT.jobFailed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function asJson(result: Selftest, load: number): object {
  const machine = {
    platform: platform(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    /** Processes that wanted a core when it began, over the last minute. */
    loadAverage: load,
  };
  return { schema: SELFTEST_SCHEMA, machine, ...result };
}

/** 1, 2, 4, … up to half of the cores beside one for the system: the servers want as many. */
function workersFor(cores: number): readonly number[] {
  const most = Math.max(1, Math.floor((cores - 1) / 2));
  const counts = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** One process of the server more than workers, as far as cores are left: the server is not to be the limit. */
function serversFor(workers: number, cores: number): number {
  return Math.max(1, Math.min(workers + 1, cores - 1 - workers));
}

function counts(text: string): readonly number[] {
  const numbers = text.split(',').map(positiveInteger);
  if (numbers.every((count, i) => i === 0 || count > (numbers[i - 1] ?? 0))) return numbers;
  throw new InvalidArgumentError('expected ascending numbers such as 1,2,4');
}
