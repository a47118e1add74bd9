import { Argument, Command, Option } from 'commander';
import { EXIT, runCommandLine, type CommandContext, type RunCommand } from '@sweepline/core';
import { compareResults } from '../compare/compare-results.js';
import type { Comparison } from '../compare/compare.js';
import { jobsOf, measureAgain, toConfirm, type ToMeasure } from '../compare/confirm.js';
import { sideBefore } from '../compare/previous.js';
import { runNameOf } from '../compare/side.js';
import { comparisonMarkdown, comparisonText } from '../output/comparison-text.js';
import { openIndex } from './open-index.js';

interface Options {
  readonly confirmedBy?: string;
  readonly confirm?: boolean;
  readonly metric?: readonly string[];
  readonly format: 'text' | 'markdown' | 'json';
  readonly json?: boolean;
  readonly all?: boolean;
}

/** A worse side fails a job of CI; where nothing can be said, that is no success. */
const EXITS = { better: EXIT.ok, same: EXIT.ok, worse: EXIT.red, unsure: EXIT.undecided } as const;

const SIDE =
  'a run or an import, by its name or its folder; days, as 2026-01-01..2026-01-07; filters of results, as "sku=b200 conc>=64"; or a SELECT of run and point';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline compare')
      .description(
        'Says whether B is better than A, beyond noise. Noise is learnt from repeats among all results. Exit code: 0 better or the same, 7 worse, 8 can’t say.',
      )
      .addArgument(new Argument('<a>', `${SIDE}; previous: the last run before B with a point of it`))
      .addArgument(new Argument('<b>', 'the same; what is judged'))
      .option('--confirmed-by <side>', 'what measured B again: a change counts if it is in both')
      .addOption(
        new Option(
          '--confirm',
          'where B seems worse, or may be, measure it again before that is said, on another node where there is one',
        ).conflicts('confirmedBy'),
      )
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
      const comparison = await compare(context, [a, b], options);
      context.terminal.stdout(written(comparison, options));
      return EXITS[comparison.verdict];
    },
  );

async function compare(
  context: CommandContext,
  [a, b]: readonly [string, string],
  { confirmedBy, confirm = false, metric }: Options,
): Promise<Comparison> {
  const once = await compared([a, b, confirmedBy], metric, context, confirm);
  if (once.left.jobs.length === 0) return once.comparison;
  const again = await measureAgain(context, once.left);
  return (await compared([a, b, again], metric, context, false)).comparison;
}

/** @param isToConfirm whether to look for what a second run would measure */
async function compared(
  sides: readonly [string, string, string | undefined],
  metric: readonly string[] | undefined,
  context: CommandContext,
  isToConfirm: boolean,
): Promise<{ readonly comparison: Comparison; readonly left: ToMeasure }> {
  using index = await openIndex(context);
  const [a, b, again] = sides;
  const before = await sideBefore(index, await runNameOf(b, context.cwd), a);
  const comparison = await compareResults(index, [before, b, again], metric, context);
  return { comparison, left: await jobsOf(index, isToConfirm ? toConfirm(comparison) : []) };
}

function written(comparison: Comparison, { format, json, all = false }: Options): string {
  if (json === true || format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  return format === 'markdown' ? comparisonMarkdown(comparison, all) : comparisonText(comparison, all);
}

export default run;
