import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { EXIT, SweeplineError, isThere } from '@sweepline/core';
import type { NewFile } from '../init/file.js';
import { githubFiles } from '../init/github.js';
import { cronFiles, systemdFiles, type LocalOptions } from '../init/local.js';
import { statesOf, writeAll } from '../init/write.js';
import type { Subcommand } from './command.js';

const FILES: Readonly<
  Record<string, (options: LocalOptions) => Promise<readonly NewFile[]> | readonly NewFile[]>
> = {
  github: githubFiles,
  systemd: systemdFiles,
  cron: cronFiles,
};

interface Options {
  readonly for: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly at: string;
  readonly user: string;
}

/** Writes what makes a workspace sweep by itself. */
export const init: Subcommand = {
  summary: 'write workflows of GitHub, a systemd timer or a line of a crontab into this workspace',
  options: (command) =>
    command
      .addOption(
        new Option('--for <what>', 'what starts sweeps').choices(Object.keys(FILES)).default('github'),
      )
      .option('--at <time>', 'with systemd and cron: when the night begins', '01:15')
      .option('--user <name>', 'with systemd: who sweeps', userInfo().username)
      .option('--force', 'overwrite files that were changed')
      .option('--dry-run', 'say what would be written, and write nothing'),
  async run({ root, terminal, logger }, command) {
    const options = command.opts<Options>();
    const { at, user, force = false, dryRun = false } = options;
    const files = (await FILES[options.for]?.({ root, at, user, node: process.execPath })) ?? [];
    const states = await statesOf(root, files);
    if (dryRun) {
      for (const [{ path, content }, state] of states) terminal.stdout(`# ${path} (${state})\n${content}\n`);
      return EXIT.ok;
    }
    const changed = files.filter((file) => states.get(file) === 'changed').map(({ path }) => path);
    if (changed.length > 0 && !force)
      throw new SweeplineError(
        'USAGE',
        `${changed.join(', ')}: there already, with another content; nothing was written`,
        {
          hint: 'See what would be written with --dry-run, and overwrite with --force.',
        },
      );
    await writeAll(
      root,
      files.filter((file) => states.get(file) !== 'same'),
    );
    for (const [{ path }, state] of states)
      terminal.stdout(`${path}${state === 'same' ? ' (as it was)' : ''}\n`);
    if (options.for === 'github' && !(await isThere(join(root, '.git'))))
      logger.warn('GitHub reads .github at the root of a repository only, and this folder is none');
    logger.info('read them, and commit them: docs/continuous.md says what they need');
    return EXIT.ok;
  },
};
