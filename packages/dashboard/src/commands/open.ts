import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { runCommandLine, type RunCommand } from '@sweepline/core';
import { openSource } from '../build/site-source.js';
import { writeSite } from '../build/site-folder.js';
import { siteMask } from '../build/site-mask.js';
import { openerOf, startBrowser } from '../serve/browser.js';
import { addSiteOptions, choiceOf, siteOptionsOf } from './site-options.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    addSiteOptions(
      new Command('sweepline dashboard open')
        .description("Writes a site of results, and shows it in this machine's browser.")
        .option('--out <folder>', 'where to write it; default: a temporary folder, which stays'),
    ),
    async (command) => {
      const { cwd, logger, terminal } = context;
      const { out } = command.opts<{ out?: string }>();
      using source = await openSource(context, choiceOf(command.args, command));
      const folder =
        out === undefined
          ? join(await mkdtemp(join(tmpdir(), 'sweepline-site-')), 'site')
          : resolve(cwd, out);
      await writeSite(folder, source, siteOptionsOf(command, context), siteMask());
      const address = pathToFileURL(join(folder, 'index.html')).href;
      terminal.stdout(`${address}\n`);
      const argv = openerOf(address, process.platform);
      logger.info(`${source.chosen.points} points; runs ${argv.join(' ')}`);
      if (!(await startBrowser(argv))) logger.warn('no browser was started: open the address yourself');
      return 0;
    },
  );

export default run;
