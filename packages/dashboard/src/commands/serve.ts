import { once } from 'node:events';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { runCommandLine, type RunCommand } from '@sweepline/core';
import { refuseOther } from '../build/site-folder.js';
import { serveSite } from '../serve/site-server.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline dashboard serve')
      .description('Serves a site to the browsers of this machine, until it is stopped.')
      .addArgument(new Argument('<folder>', 'what `sweepline dashboard build` has written'))
      .addOption(new Option('--port <n>', 'default: one that is free').argParser(portOf).default(0, 'free')),
    async (command) => {
      const { cwd, logger, signal, terminal } = context;
      const [folder = ''] = command.args;
      const path = resolve(cwd, folder);
      await refuseOther(path);
      await using server = await serveSite(path, command.opts<{ port: number }>().port);
      terminal.stdout(`${server.address}\n`);
      logger.info(`${folder} is served to this machine; Ctrl-C ends it`);
      if (!signal.aborted) await once(signal, 'abort');
      return 0;
    },
  );

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is not a port.');
  return port;
}

export default run;
