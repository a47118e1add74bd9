import { availableParallelism, cpus, loadavg, platform } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../../errors.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import type { App } from '../app.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';
import { positiveInteger } from '../options.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { compare } from '../../selftest/compare.js';
import { describeMeasured, describeVerdict, headerRows, LEGEND } from '../../selftest/report.js';
import { runCell, type CellContext } from '../../selftest/run-cell.js';
import { DEFAULT_PLAN, QUICK_PLAN, selftest, type Selftest } from '../../selftest/selftest.js';

const SELFTEST_SCHEMA = 'sweepline.selftest/1';

/** With this many cores the server can have one for itself. */
const CORES_TO_SPIN = 4;

interface Options {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly workers?: readonly number[];
  readonly streams?: readonly number[];
}

export function selftestCommand(app: App): Command {
  return new Command('selftest')
    .option('--quick', 'run fewer and shorter cells: less than half a minute per number of workers')
    .option(
      '--workers <n,…>',
      'numbers of threads to try; default: 1, 2, 4, … up to half of the cores',
      counts,
    )
    .option('--streams <n,…>', 'numbers of streams to try; default: 64 to 16384', counts)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', examples('sweepline selftest', 'sweepline selftest --quick --workers 1,2 --json'))
    .addHelpText(
      'after',
      '\nAll traffic stays on 127.0.0.1. Fails if a count or text differs from what the server sent.',
    )
    .action(async (options: Options) =>
      exitWith(await withTemporaryFolder('selftest', (folder) => runSelftest(app, options, folder))),
    );
}

async function runSelftest(app: App, options: Options, folder: string): Promise<number> {
  const { stdout, stderr } = app.terminal;
  // Cells are printed as they end; if stdout carries data, they go to stderr.
  const say = (text: string): void => (options.json ? stderr : stdout)(`${text}\n`);
  const cores = availableParallelism();
  const context: CellContext = {
    executor: createLocalExecutor(),
    loadCommand: app.loadCommand,
    goldenServerCommand: app.goldenServerCommand,
    folder,
    signal: app.signal,
  };
  const workers = options.workers ?? workersFor(cores);
  const spin = cores >= CORES_TO_SPIN;
  const sides = workers.map((count) => ({ workers: count, servers: serversFor(count, cores), spin }));
  const [load = 0] = loadavg();
  // Measured before the test adds its own load.
  if (load > cores / 4)
    app.logger.warn(
      `this machine is busy (load ${load.toFixed(1)} on ${cores} cores): figures will be too low`,
    );
  say(`${LEGEND}\n\n${headerRows()}`);
  const base = options.quick ? QUICK_PLAN : DEFAULT_PLAN;
  const plan = { ...base, sides, streams: options.streams ?? base.streams };
  const result = await selftest(plan, async (cell) => {
    const measured = compare(cell, await runCell(cell, context));
    say(describeMeasured(measured));
    return measured;
  });
  if (options.json) stdout(`${JSON.stringify(asJson(result, load), undefined, 2)}\n`);
  else say(`\n${describeVerdict(result)}`);
  if (options.workers === undefined && workers.length === 1)
    say(`More workers were not tried: the server needs the rest of the ${cores} cores.`);
  return result.exact ? EXIT.ok : EXIT.jobFailed;
}

function asJson(result: Selftest, load: number): object {
  const machine = {
    platform: platform(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    /** Mean number of processes that wanted a core in the last minute, at the start. */
    loadAverage: load,
  };
  return { schema: SELFTEST_SCHEMA, machine, ...result };
}

/** 1, 2, 4, … up to half of the cores, minus one for the system: the servers need as many. */
function workersFor(cores: number): readonly number[] {
  const most = Math.max(1, Math.floor((cores - 1) / 2));
  const counts = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** One more server process than workers, if there are enough cores: the server must not be the bottleneck. */
function serversFor(workers: number, cores: number): number {
  return Math.max(1, Math.min(workers + 1, cores - 1 - workers));
}

function counts(text: string): readonly number[] {
  const numbers = text.split(',').map(positiveInteger);
  if (numbers.every((count, i) => i === 0 || count > (numbers[i - 1] ?? 0))) return numbers;
  throw new InvalidArgumentError('expected ascending numbers such as 1,2,4');
}
