import { Argument, Command, Option } from 'commander';
import { SweeplineError, type CommandContext, type RunCommand } from '@sweepline/core';
import { compareSides, type ComparedSides, type Comparison } from '../compare/compare.js';
import { measurementsOf, type Measurement } from '../compare/measurements.js';
import { METRICS, metricOf, type ComparedMetric } from '../compare/metrics.js';
import { findSide, keyOf } from '../compare/side.js';
import type { Database } from '../index/database.js';
import { columnsOf } from '../index/table-writer.js';
import { comparisonMarkdown, comparisonText } from '../output/comparison-text.js';
import { runCommandLine } from './command-line.js';
import { openIndex } from './open-index.js';

interface Options {
  readonly confirmedBy?: string;
  readonly metric?: readonly string[];
  readonly format: 'text' | 'markdown' | 'json';
  readonly json?: boolean;
  readonly all?: boolean;
}

/** A worse side fails a job of CI; where nothing can be said, that is no success. */
const EXIT = { better: 0, same: 0, worse: 1, unsure: 3 } as const;

const SIDE =
  'a run or an import, by its name or its folder; days, as 2026-01-01..2026-01-07; filters of results, as "sku=b200 conc>=64"; or a SELECT of run and point';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline compare')
      .description(
        'Says whether B is better than A, beyond noise. Noise is learnt from repeats among all results. Exit code: 0 better or the same, 1 worse, 3 can’t say.',
      )
      .addArgument(new Argument('<a>', SIDE))
      .addArgument(new Argument('<b>', 'the same; what is judged'))
      .option('--confirmed-by <side>', 'what measured B again: a change counts if it is in both')
      .option('--metric <key...>', 'columns of results, with the change that matters: median_ttft=20%')
      .option('--all', 'list points that are the same as well')
      .addOption(
        new Option('--format <format>', 'how to write it')
          .choices(['text', 'markdown', 'json'])
          .default('text'),
      )
      .option('--json', 'the same as --format json'),
    async (command) => {
      const options = command.opts<Options>();
      const [a = '', b = ''] = command.args;
      using index = await openIndex(context);
      const comparison = await compare(index, [a, b, options.confirmedBy], options, context);
      context.terminal.stdout(written(comparison, options));
      return EXIT[comparison.verdict];
    },
  );

async function compare(
  index: Database,
  [a, b, confirmedBy]: readonly [string, string, string | undefined],
  options: Options,
  context: CommandContext,
): Promise<Comparison> {
  const { connection } = index;
  const columns = new Set(await columnsOf(connection, 'results'));
  const metrics = options.metric?.map((text) => metricOf(text, columns)) ?? usual(columns);
  const known = await measurementsOf(
    connection,
    metrics.map(({ key }) => key),
  );
  const sideOf = async (given: string): Promise<ComparedSides['a']> => {
    const { name, keys } = await findSide(index, given, context);
    return { name, measurements: known.filter(({ run, point }) => keys.has(keyOf(run, point))) };
  };
  const sides = {
    ...{ a: await sideOf(a), b: await sideOf(b) },
    ...(confirmedBy === undefined ? {} : { confirmedBy: await sideOf(confirmedBy) }),
  };
  refuseShared(Object.values(sides));
  return compareSides(sides, metrics, known);
}

function usual(columns: ReadonlySet<string>): readonly ComparedMetric[] {
  return METRICS.filter(({ key }) => columns.has(key));
}

/** What is on two sides would be compared with itself. @throws {SweeplineError} USAGE */
function refuseShared(sides: readonly ComparedSides['a'][]): void {
  const seen = new Map<Measurement, string>();
  for (const { name, measurements } of sides)
    for (const one of measurements) {
      const other = seen.get(one);
      if (other !== undefined)
        throw new SweeplineError('USAGE', `${one.run} ${one.point} is in ${other} and in ${name}`, {
          hint: 'Give sides that have no result in common.',
        });
      seen.set(one, name);
    }
}

function written(comparison: Comparison, { format, json, all = false }: Options): string {
  if (json === true || format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  return format === 'markdown' ? comparisonMarkdown(comparison, all) : comparisonText(comparison, all);
}

export default run;
