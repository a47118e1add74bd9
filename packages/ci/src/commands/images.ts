import { Command } from 'commander';
import { runCommandLine, SweeplineError, type RunCommand } from '@sweepline/core';
import check from './images-check.js';

const run: RunCommand = (context) => {
  const [name, ...args] = context.args;
  return name === 'check' ? check({ ...context, args }) : help(context);
};

const help: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline images')
      .description('Compares the images of configs with what their registries have.')
      .argument('[command]')
      .usage('check')
      .addHelpText(
        'after',
        '\nCommands:\n  check  say which images are missing, for another architecture, or old\n',
      ),
    ({ args: [name] }) => {
      const message = name === undefined ? 'a command is missing' : `sweepline images has no command ${name}`;
      throw new SweeplineError('USAGE', message, { hint: 'Its command is: check.' });
    },
  );

export default run;
