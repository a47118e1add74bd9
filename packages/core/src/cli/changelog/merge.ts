import { Command, Option } from 'commander';
import { mergeChangelogs, type Side } from '../../matrix/changelog/merge.js';
import type { App } from '../app.js';
import { count } from '../count.js';
import { examples } from '../help.js';
import { readChangelogFile, writeChangelogFile } from './changelog-file.js';

export function mergeCommand(app: App): Command {
  return new Command('merge')
    .description('merge two changelogs that grew from one: a merge driver for git. OURS gets the result')
    .argument('<base>', 'what both grew from: %O')
    .argument('<ours>', 'one side, and the file that is written: %A')
    .argument('<theirs>', 'the other side: %B')
    .addOption(
      new Option('--first <side>', 'whose bytes the result begins with; the other’s entries come after them')
        .choices(['ours', 'theirs'])
        .default('ours'),
    )
    .addHelpText(
      'after',
      examples(
        `git config merge.changelog.driver 'npx sweepline changelog merge %O %A %B'`,
        `echo 'perf-changelog.yaml merge=changelog' >> .gitattributes`,
      ),
    )
    .action(async (base: string, ours: string, theirs: string, { first }: { readonly first: string }) => {
      const [before, one, other] = await Promise.all(
        [base, ours, theirs].map(async (name): Promise<Side> => ({
          name,
          bytes: await readChangelogFile(name, app.cwd),
        })),
      );
      if (before === undefined || one === undefined || other === undefined) return;
      const { text, fromFirst, fromSecond, inBoth } = await (first === 'ours'
        ? mergeChangelogs(before, one, other)
        : mergeChangelogs(before, other, one));
      await writeChangelogFile(ours, app.cwd, text, one.bytes);
      app.terminal.stderr(
        `changelog: ${count(fromFirst, 'entry', 'entries')}, then ${fromSecond} of the other side${inBoth === 0 ? '' : `, ${inBoth} in both`}\n`,
      );
    });
}
