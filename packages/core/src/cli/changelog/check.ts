import { Command } from 'commander';
import { appendedBytes } from '../../matrix/changelog/appended.js';
import { grownChangelog } from '../../matrix/changelog/merge.js';
import type { App } from '../app.js';
import { count } from '../count.js';
import { createGit } from '../git.js';
import { examples } from '../help.js';
import { CHANGELOG } from '../since.js';
import { readChangelogFile } from './changelog-file.js';

interface Options {
  readonly baseRef: string;
  readonly changelogFile: string;
}

export function checkCommand(app: App): Command {
  return new Command('check')
    .description('check that a changelog has every byte that it had in a revision, and then valid entries')
    .requiredOption('--base-ref <ref>', 'the revision')
    .option('--changelog-file <file>', 'the changelog', CHANGELOG)
    .addHelpText('after', examples('sweepline changelog check --base-ref origin/main'))
    .action(async ({ baseRef, changelogFile: file }: Options) => {
      const git = createGit(app.cwd, app.signal);
      const base = { name: `${baseRef}:${file}`, bytes: await git.bytesAt(baseRef, file) };
      const head = { name: file, bytes: await readChangelogFile(file, app.cwd) };
      appendedBytes(base.bytes, head.bytes, file);
      const added = await grownChangelog(base, head);
      app.terminal.stdout(`${file}: ${count(added.length, 'entry', 'entries')} appended since ${baseRef}\n`);
    });
}
