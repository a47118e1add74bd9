import { Command } from 'commander';
import { runCommandLine, SweeplineError, type RunCommand } from '@sweepline/core';
import build from './build.js';
import open from './open.js';
import serve from './serve.js';

const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly run: RunCommand }>> = {
  build: { summary: 'write a site, or one page with all in it', run: build },
  serve: { summary: 'serve a site to the browsers of this machine', run: serve },
  open: { summary: "write a site and show it in this machine's browser", run: open },
};

const run: RunCommand = (context) => {
  const [name = '', ...args] = context.args;
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return found === undefined ? help(context) : found.run({ ...context, args });
};

const help: RunCommand = (context) => {
  const command = new Command('sweepline dashboard')
    .description('Makes a site of results, which needs no server, or shows it.')
    .argument('[command]')
    .usage('<command>')
    .addHelpText(
      'after',
      `\nCommands:\n${Object.entries(COMMANDS)
        .map(([name, { summary }]) => `  ${name.padEnd(8)}${summary}\n`)
        .join('')}`,
    );
  return runCommandLine(context, command, ({ args: [name] }) => {
    throw new SweeplineError(
      'USAGE',
      name === undefined ? 'a command is missing' : `sweepline dashboard has no command ${name}`,
      { hint: `Commands: ${Object.keys(COMMANDS).join(', ')}.` },
    );
  });
};

export default run;
