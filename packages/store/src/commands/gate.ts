import { join, resolve } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { EXIT, runCommandLine, writeAtomic, type CommandContext, type RunCommand } from '@sweepline/core';
import { jobsOf, measureAgain, type ToMeasure } from '../compare/confirm.js';
import { judgeRun, unconfirmed, type GateReport } from '../gate/gate.js';
import { readGateRun } from '../gate/gate-run.js';
import { loadRules } from '../gate/rules.js';
import { loadWaivers } from '../gate/waivers.js';
import { gateText } from '../output/gate-text.js';
import { openIndex } from './open-index.js';

const EXITS = { passed: EXIT.ok, failed: EXIT.red, unsure: EXIT.undecided } as const;

interface Options {
  readonly rules: string;
  readonly waivers: string;
  readonly confirmedBy?: string;
  readonly confirm?: boolean;
  readonly jobsToConfirm?: string;
  readonly json?: boolean;
}

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline gate')
      .description('Judges a run by the rules of gate.yaml. Exit code: 0 passed, 7 failed, 8 can’t say.')
      .addArgument(new Argument('<run>', 'a run or an import, by its name or its folder'))
      .option(
        '--rules <file>',
        "the rules; default: the workspace's gate.yaml",
        join(context.root, 'gate.yaml'),
      )
      .option(
        '--waivers <folder>',
        "the waivers; default: the workspace's waivers",
        join(context.root, 'waivers'),
      )
      .option('--confirmed-by <side>', 'what measured the same again, for rules that compare')
      .addOption(
        new Option(
          '--confirm',
          'measure again what a rule finds worse, before that is said, on another node where there is one',
        ).conflicts('confirmedBy'),
      )
      .addOption(
        new Option(
          '--jobs-to-confirm <file>',
          'write what --confirm would measure as a matrix for `sweep --matrix`; [] if nothing',
        ).conflicts(['confirmedBy', 'confirm']),
      )
      .option('--json', 'write JSON'),
    async (command) => {
      const options = command.opts<Options>();
      const report = await judge(context, command.args[0] ?? '', options);
      context.terminal.stdout(
        options.json === true ? `${JSON.stringify(report, null, 2)}\n` : gateText(report),
      );
      return EXITS[report.status];
    },
  );

async function judge(context: CommandContext, given: string, options: Options): Promise<GateReport> {
  const { confirmedBy, confirm = false, jobsToConfirm } = options;
  const { report, left } = await judgedOnce(context, given, options, confirmedBy);
  if (jobsToConfirm !== undefined)
    await writeAtomic(resolve(context.cwd, jobsToConfirm), `${JSON.stringify(left.jobs)}\n`);
  if (!confirm || left.jobs.length === 0) return report;
  return (await judgedOnce(context, given, options, await measureAgain(context, left))).report;
}

/** A report, and what a second run would measure where one is asked for. */
async function judgedOnce(
  context: CommandContext,
  given: string,
  { rules, waivers, confirm = false, jobsToConfirm }: Options,
  confirmedBy: string | undefined,
): Promise<{ readonly report: GateReport; readonly left: ToMeasure }> {
  const configured = await loadRules(resolve(context.cwd, rules));
  const waived = await loadWaivers(resolve(context.cwd, waivers));
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  using index = await openIndex(context);
  const run = await readGateRun(index, given, confirmedBy, context);
  const isToConfirm = confirmedBy === undefined && (confirm || jobsToConfirm !== undefined);
  return {
    report: await judgeRun(run, configured, waived, today),
    left: await jobsOf(index, isToConfirm ? await unconfirmed(run, configured) : []),
  };
}

export default run;
