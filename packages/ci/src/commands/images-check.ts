import { isAbsolute, join, relative, resolve } from 'node:path';
import { env } from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  EXIT,
  onOneLine,
  runCommandLine,
  writeAtomic,
  writing,
  type CommandContext,
  type RunCommand,
} from '@sweepline/core';
import { checkImages, type ImageReport } from '../images/check-images.js';
import { architectures, configImages } from '../images/config-images.js';
import { dockerCredentials } from '../images/credentials.js';
import { imagesText } from '../images/images-text.js';
import { checkUnchanged, patchOf, type FileChange } from '../images/patch.js';
import { unifiedDiff } from '../images/unified-diff.js';

export const IMAGES_SCHEMA = 'sweepline.images/1';

interface Options {
  readonly changelogFile: string;
  readonly digest?: boolean;
  readonly diff?: boolean;
  readonly write?: boolean;
  readonly json?: boolean;
  readonly timeout: number;
}

const MS_PER_S = 1000;

const run: RunCommand = (context) =>
  runCommandLine(context, commandOf(), async (command) => {
    const options = command.opts<Options>();
    const { root, cwd, terminal, signal } = context;
    const configs =
      command.args.length === 0 ? ['configs'] : command.args.map((one) => fromRoot(one, context));
    const reports = await checkImages(await configImages(configs, root), {
      architectureOf: await architectures(root, await context.skus()),
      credentials: dockerCredentials(env),
      isPinned: options.digest === true,
      timeoutMs: options.timeout * MS_PER_S,
      signal,
    });
    const changelog = relative(
      root,
      resolve(command.getOptionValueSource('changelogFile') === 'cli' ? cwd : root, options.changelogFile),
    );
    const changes =
      options.diff === true || options.write === true ? await changesOf(reports, changelog, context) : [];
    if (options.write === true) await writeAll(changes, context);
    if (options.diff === true) terminal.stdout(unifiedDiff(changes));
    else if (options.json === true)
      terminal.stdout(`${JSON.stringify({ schema: IMAGES_SCHEMA, images: reports }, null, 2)}\n`);
    else terminal.stdout(imagesText(reports, terminal.columns));
    return exitOf(reports);
  });

function commandOf(): Command {
  return new Command('sweepline images check')
    .description(
      'Says which images of configs are missing, for another architecture, or old. Exit code: 0 all are there, ' +
        '7 some are not, 8 a registry could not be asked.',
    )
    .argument('[config...]', "master configs: files, folders, globs; default: the workspace's configs")
    .option('--digest', 'propose images with their digests')
    .addOption(new Option('--diff', 'print what proposals change as a patch').conflicts('json'))
    .option('--write', 'change configs, and append entries to the changelog')
    .option('--changelog-file <file>', "the changelog; default: the workspace's", 'perf-changelog.yaml')
    .option('--timeout <seconds>', 'for all that is asked of one repository', seconds, 60)
    .option('--json', 'write JSON');
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('Expected seconds, up to a day.');
}

function fromRoot(pattern: string, { cwd, root }: CommandContext): string {
  return isAbsolute(pattern) ? pattern : relative(root, join(cwd, pattern)) || '.';
}

async function changesOf(
  reports: readonly ImageReport[],
  changelog: string,
  { root, logger }: CommandContext,
): Promise<readonly FileChange[]> {
  const { changes, leftOut } = await patchOf(reports, changelog, root);
  for (const { entry, proposal } of leftOut)
    logger.warn(
      onOneLine(
        `${entry.file}:${entry.line}: ${entry.key} has its image from elsewhere; write ${proposal} by hand`,
      ),
    );
  return changes;
}

async function writeAll(changes: readonly FileChange[], { root, terminal }: CommandContext): Promise<void> {
  for (const change of changes) await checkUnchanged(change, root);
  for (const { file, after } of changes) {
    const path = resolve(root, file);
    await writing(path, () => writeAtomic(path, after));
    terminal.stderr(`wrote ${file}\n`);
  }
}

/** What is not there is worse than what is not known. */
function exitOf(reports: readonly ImageReport[]): number {
  const statuses = new Set(reports.map(({ status }) => status));
  if (statuses.has('missing') || statuses.has('wrong-architecture')) return EXIT.red;
  return statuses.has('unknown') ? EXIT.undecided : EXIT.ok;
}

export default run;
