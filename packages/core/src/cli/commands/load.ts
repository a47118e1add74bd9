import { resolve } from 'node:path';
import { Command } from 'commander';
import { runLoadWorker } from '../../load/load-process.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { exitWith } from '../exit.js';

export function loadCommand(app: App): Command {
  return new Command('load')
    .argument('<spec>', 'SPEC.json')
    .addHelpText('after', examples('sweepline load SPEC.json'))
    .action(async (spec: string) =>
      exitWith(await runLoadWorker(resolve(app.cwd, spec), app.terminal.stdout)),
    );
}
