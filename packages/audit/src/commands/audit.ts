import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT, runCommandLine, type RunCommand } from '@sweepline/core';
import { audit } from '../audit.js';
import { auditText } from '../audit-text.js';
import { readTree } from '../read-files.js';
import { loadWaivers } from '../waivers.js';

interface Options {
  readonly waivers: string;
  readonly json?: boolean;
}

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline audit')
      .description(
        'Checks configs, recipes, scripts and results against the rules of honest benchmarking. Exit code: 0 passed, 7 a rule is broken.',
      )
      .argument(
        '[path]',
        'a file or a folder, such as a run or a checkout of InferenceX; default: the workspace without its results',
      )
      .option(
        '--waivers <folder>',
        "the waivers; default: the workspace's waivers/audit",
        join(context.root, 'waivers', 'audit'),
      )
      .option('--json', 'write JSON'),
    async (command) => {
      const { waivers, json } = command.opts<Options>();
      const [path] = command.args;
      const { cwd, root, resultsDir, signal, terminal } = context;
      const tree =
        path === undefined
          ? await readTree(root, signal, resultsDir)
          : await readTree(resolve(cwd, path), signal);
      const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
      const report = audit(tree, await loadWaivers(resolve(cwd, waivers)), today);
      terminal.stdout(json === true ? `${JSON.stringify(report, null, 2)}\n` : auditText(report));
      return report.status === 'failed' ? EXIT.red : EXIT.ok;
    },
  );

export default run;
