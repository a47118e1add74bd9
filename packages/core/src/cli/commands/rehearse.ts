import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { EXIT, SweeplineError } from '../../errors.js';
import { FAULT_NAMES, FAULTS, type FaultName } from '../../rehearse/faults.js';
import { rehearse, type Rehearsal } from '../../rehearse.js';
import { onePerShape } from '../../rehearse/shapes.js';
import { textTable } from '../../text-table.js';
import type { App } from '../app.js';
import { conditionsOf, withConditions, type ConditionOptions } from '../conditions.js';
import { count } from '../count.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';
import { planSelection } from '../planning.js';
import { selectJobs, withSelection, type SelectionOptions } from '../selection.js';

interface RehearseOptions extends SelectionOptions, ConditionOptions {
  readonly all?: boolean;
  readonly faults?: readonly (FaultName | 'all')[];
  readonly json?: boolean;
}

export function rehearseCommand(app: App): Command {
  return withConditions(withSelection(new Command('rehearse')))
    .argument('[config...]', "files, folders and globs; default: the workspace's default-configs")
    .option('--all', 'every point; default: one of each shape of plan')
    .addOption(
      new Option('--faults <name...>', 'also with these faults, one at a time').choices([
        'all',
        ...FAULT_NAMES,
      ]),
    )
    .option('--json', 'JSON instead of a table')
    .addHelpText(
      'after',
      examples(
        'sweepline rehearse',
        'sweepline rehearse configs/nvidia --faults all',
        'sweepline rehearse --all',
      ),
    )
    .addHelpText(
      'after',
      [
        '\nStand-ins take the place of engines and set-up, on nodes that are folders of this machine: neither GPUs nor images are needed.',
        'Faults:',
        ...FAULT_NAMES.map((name) => `  ${name.padEnd(18)}${FAULTS[name].what}`),
      ].join('\n'),
    )
    .action(async (config: string[], options: RehearseOptions) =>
      exitWith(await runRehearsal(app, config, options)),
    );
}

/** A point, how many are like it, and what its rehearsals came to. */
interface Rehearsed {
  readonly name: string;
  readonly points: number;
  readonly rehearsals: readonly Rehearsal[];
}

async function runRehearsal(app: App, config: readonly string[], options: RehearseOptions): Promise<number> {
  if (process.platform !== 'linux')
    throw new SweeplineError(
      'PLAN_UNSUPPORTED',
      'nodes are addresses of this machine, which only Linux has',
      {
        hint: 'Run it in a container.',
      },
    );
  const selection = await selectJobs(app, config, options);
  const { points } = await planSelection(app, selection, conditionsOf(options, app));
  const all = options.all ? points.map((planned) => ({ planned, points: 1 })) : onePerShape(points);
  const faults = options.faults?.includes('all') ? FAULT_NAMES : (options.faults ?? []);
  const wanted = [undefined, ...faults.filter((name) => name !== 'all')];
  app.logger.info(
    `${count(points.length, 'point')}, ${all.length} to rehearse ${wanted.length === 1 ? 'once' : `${wanted.length} times`}`,
  );
  let ended = 0;
  const done = await inParallel(all, async ({ planned, points: alike }): Promise<Rehearsed> => {
    const rehearsals: Rehearsal[] = [];
    for (const fault of wanted) {
      if (app.signal.aborted) break;
      rehearsals.push(await rehearse(planned, fault, app, app.signal));
    }
    tell(rehearsals, app);
    ended += 1;
    app.logger.info(`${ended} of ${all.length}: ${planned.name}`);
    return { name: planned.name, points: alike, rehearsals };
  });
  app.terminal.stdout(options.json ? `${JSON.stringify(done, undefined, 2)}\n` : tableOf(done));
  if (app.signal.aborted) return EXIT.interrupted;
  return done.some(({ rehearsals }) => rehearsals.some(({ verdict }) => verdict.kind === 'wrong'))
    ? EXIT.jobFailed
    : EXIT.ok;
}

/** What went wrong, as soon as it has. */
function tell(rehearsals: readonly Rehearsal[], { logger }: App): void {
  for (const { name, fault, verdict } of rehearsals) {
    if (verdict.kind === 'wrong')
      logger.error(`${name}${fault === undefined ? '' : `, with ${fault}`}: ${verdict.said}`);
  }
}

function tableOf(done: readonly Rehearsed[]): string {
  const names = [...new Set(done.flatMap(({ rehearsals }) => rehearsals.map(({ fault }) => fault)))];
  const rows = names.map((fault) => {
    const of = done.flatMap(({ rehearsals }) => rehearsals.filter((one) => one.fault === fault));
    const number = (kind: Rehearsal['verdict']['kind']): string =>
      String(of.filter(({ verdict }) => verdict.kind === kind).length);
    const spent = of.reduce((sum, { nodeSeconds }) => sum + nodeSeconds, 0);
    const kinds = (['passed', 'lost', 'wrong', 'skipped'] as const).map(number);
    return [fault ?? 'no fault', ...kinds, spent.toFixed(0)];
  });
  const table = textTable(
    [['fault', 'passed', 'lost', 'wrong', 'skipped', 'node-seconds'], ...rows],
    'right',
  );
  return `${table}passed: measured to the end; lost: failed, and the reason was said\n`;
}

/** Does pieces of work, as many at a time as there are cores. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), items.length) }, worker));
  return results;
}
