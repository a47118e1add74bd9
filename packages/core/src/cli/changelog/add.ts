import { isThere } from '../../results/is-there.js';
import { Command } from 'commander';
import { withEntry, type NewEntry } from '../../matrix/changelog/add-entry.js';
import { readEntries } from '../../matrix/changelog/entries.js';
import { resolveKeys } from '../../matrix/changelog/keys.js';
import { resolve } from 'node:path';
import type { App } from '../app.js';
import { checkArguments } from '../argparse.js';
import { count } from '../count.js';
import { examples } from '../help.js';
import { loadRevision, type ConfigOptions } from '../revision.js';
import { changelogMasters, CHANGELOG } from '../since.js';
import { readChangelogFile, writeChangelogFile } from './changelog-file.js';

/** Where the number of the pull request is not known yet; InferenceX takes it as such. */
const NO_LINK_YET = 'XXX';

interface Options extends NewEntry, ConfigOptions {
  readonly changelogFile: string;
}

export function addCommand(app: App): Command {
  return new Command('add')
    .description('append an entry to a changelog, in its style; the rest stays as it is')
    .requiredOption('--config-keys <key...>', 'config entries that changed; * matches anything')
    .requiredOption('--description <text...>', 'what changed, for readers')
    .option('--pr-link <url>', 'link to the pull request', NO_LINK_YET)
    .option('--evals-only', 'the entry asks for evals alone, and no benchmarks', false)
    .option('--changelog-file <file>', 'the changelog; made if it is not there', CHANGELOG)
    .option(
      '--config-files <file...>',
      "master configs that keys are looked up in; default: the workspace's, or {amd,nvidia}-master.yaml",
    )
    .option('--runner-config <file>', 'runner config; default: runners.yaml next to them')
    .addHelpText(
      'after',
      examples(
        `sweepline changelog add --config-keys 'dsr1-*-sglang' --description 'SGLang 0.5.8' --pr-link https://github.com/acme/bench/pull/7`,
      ),
    )
    .action(async (options: Options, command: Command) => {
      checkArguments(command, app.args);
      const { changelogFile: file, configKeys, prLink } = options;
      const before = (await isThere(resolve(app.cwd, file)))
        ? await readChangelogFile(file, app.cwd)
        : undefined;
      const named = await namedEntries(app, options);
      const text = await withEntry(before ?? Buffer.alloc(0), options, file);
      await writeChangelogFile(file, app.cwd, text, before);
      app.terminal.stdout(
        `${file}: ${before === undefined ? 'made with' : 'appended'} an entry for ${configKeys.join(', ')}: ${count(named, 'config entry', 'config entries')}\n`,
      );
      if (prLink === NO_LINK_YET)
        app.logger.warn(`pr-link is ${NO_LINK_YET}: put the link there once the pull request has a number`);
    });
}

/**
 * The number of config entries that keys name.
 * @throws {SweeplineError} CHANGELOG_INVALID for a key that names none
 */
async function namedEntries(app: App, options: Options): Promise<number> {
  const masters = await changelogMasters(app, options.configFiles ?? []);
  const { entries, dialect } = await loadRevision(app, masters, options, app.cwd);
  const asked = [{ 'config-keys': options.configKeys, description: options.description, 'pr-link': '' }];
  const written = await readEntries(JSON.stringify(asked), '--config-keys', dialect);
  return new Set(resolveKeys(written, [...entries.keys()]).flatMap(({ keys }) => keys)).size;
}
