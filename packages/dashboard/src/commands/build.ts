import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { runCommandLine, type RunCommand } from '@sweepline/core';
import { openSource } from '../build/site-source.js';
import { writeSinglePage } from '../build/single-page.js';
import { writeSite } from '../build/site-folder.js';
import { siteMask } from '../build/site-mask.js';
import { addSiteOptions, choiceOf, siteOptionsOf } from './site-options.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    addSiteOptions(
      new Command('sweepline dashboard build')
        .description(
          'Writes a site of results: a folder for any host, which also opens from the file system.',
        )
        .addArgument(new Argument('<folder>', 'a new folder, or that of a site, which is replaced'))
        .option('--single', 'write one HTML file with all in it, in place of a folder'),
    ),
    async (command) => {
      const [target = '', ...filters] = command.args;
      using source = await openSource(context, choiceOf(filters, command));
      const options = siteOptionsOf(command, context);
      const isSingle = command.opts<{ single?: boolean }>().single === true;
      const write = isSingle ? writeSinglePage : writeSite;
      await write(resolve(context.cwd, target), source, options, siteMask());
      const what = isSingle ? 'one page' : 'open its index.html, or upload it';
      context.logger.info(`${target}: ${source.chosen.points} points; ${what}`);
      return 0;
    },
  );

export default run;
