import { runCommandLine } from '@sweepline/core';
import { Command } from 'commander';
import type { RunCommand } from '@sweepline/core';
import { indexFileOf } from '../index/folders.js';
import { update } from './open-index.js';

const FAILED = 1;

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline index')
      .description("Brings the index up to date with the workspace's runs and imports.")
      .option('--rebuild', 'build it anew'),
    async (command) => {
      const { rebuild = false } = command.opts<{ rebuild?: boolean }>();
      const { read, kept, gone, problems } = await update(context, { rebuild });
      context.logger.info(
        `${indexFileOf(context.resultsDir)}: ${read} folders read, ${kept} as before, ${gone} gone`,
      );
      return problems.length === 0 ? 0 : FAILED;
    },
  );

export default run;
