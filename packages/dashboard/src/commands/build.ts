import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import type { RunCommand } from '@sweepline/core';
import { runCommandLine } from '@sweepline/store/read';
import { openSource } from '../build/site-source.js';
import { writeSite } from '../build/site-folder.js';
import { addSiteOptions, choiceOf, siteOptionsOf, siteMask } from './site-options.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    addSiteOptions(
      new Command('sweepline dashboard build')
        .description(
          'Writes a site of results: a folder for any host, which also opens from the file system.',
        )
        .addArgument(new Argument('<folder>', 'a new folder, or that of a site, which is replaced')),
    ),
    async (command) => {
      const [target = '', ...filters] = command.args;
      using source = await openSource(context, choiceOf(filters, command));
      const options = siteOptionsOf(command, context);
      await writeSite(resolve(context.cwd, target), source, options, siteMask());
      context.logger.info(`${target}: ${source.chosen.points} points; open index.html, or upload the folder`);
      return 0;
    },
  );

export default run;
