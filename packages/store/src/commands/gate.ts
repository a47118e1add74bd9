import { join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { EXIT, type RunCommand } from '@sweepline/core';
import { judgeRun } from '../gate/gate.js';
import { readGateRun } from '../gate/gate-run.js';
import { loadRules } from '../gate/rules.js';
import { loadWaivers } from '../gate/waivers.js';
import { gateText } from '../output/gate-text.js';
import { runCommandLine } from './command-line.js';
import { openIndex } from './open-index.js';

const EXITS = { passed: EXIT.ok, failed: EXIT.red, unsure: EXIT.undecided } as const;

interface Options {
  readonly rules: string;
  readonly waivers: string;
  readonly confirmedBy?: string;
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
      .option('--json', 'write JSON'),
    async (command) => {
      const { rules, waivers, confirmedBy, json } = command.opts<Options>();
      const [given = ''] = command.args;
      const configured = await loadRules(resolve(context.cwd, rules));
      const waived = await loadWaivers(resolve(context.cwd, waivers));
      using index = await openIndex(context);
      const report = await judgeRun(
        await readGateRun(index, given, confirmedBy, context),
        configured,
        waived,
        new Date().toISOString().slice(0, 'YYYY-MM-DD'.length),
      );
      context.terminal.stdout(json === true ? `${JSON.stringify(report, null, 2)}\n` : gateText(report));
      return EXITS[report.status];
    },
  );

export default run;
