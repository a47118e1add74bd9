import { relative, resolve, join } from 'node:path';
import { Command } from 'commander';
import { SweeplineError } from '../../errors.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { choose, type Choice, type Wanted } from '../init/choose.js';
import { configFiles, pluginsOf, type NewFile } from '../init/files.js';
import { withLines, type Lines } from '../init/manifest.js';
import { CONTAINER_LAUNCHER } from '../init/packages.js';
import { textOf, writeAll } from '../init/write.js';
import { positiveInteger } from '../options.js';

interface InitOptions extends Wanted {
  readonly force?: boolean;
}

const MANIFEST = 'package.json';

export function initCommand(app: App): Command {
  return new Command('init')
    .argument('[folder]', 'where the workspace is made', '.')
    .option('--hardware <sku>', 'hardware that jobs run on', 'cpu')
    .option('--framework <name>', 'framework that serves the model; default: llamacpp on cpu, else vllm')
    .option(
      '--model <path-or-id>',
      'model repository, or a GGUF file for llamacpp; default for llamacpp: synthetic:17m',
    )
    .option('--precision <name>', "precision of the weights; default: taken from the model's name, else bf16")
    .option(
      '--image <image>',
      'container image, or host for the framework installed on this machine; default: one known to fit',
    )
    .option('--tp <n>', 'number of devices that the model is split over; default: 1', positiveInteger)
    .option('--force', 'overwrite existing configs')
    .addHelpText(
      'after',
      examples(
        'sweepline init',
        'sweepline init bench --hardware h200 --framework vllm --model openai/gpt-oss-120b',
        'sweepline init --model models/qwen-q4_k_m.gguf',
      ),
    )
    .action(async (folder: string, options: InitOptions) => init(app, folder, options));
}

async function init(app: App, folder: string, options: InitOptions): Promise<void> {
  const choice = choose(options, app.cwd);
  const root = resolve(app.cwd, folder);
  const configs = configFiles(choice);
  if (options.force !== true) await refuseExisting(root, configs);
  const manifest = await textOf(join(root, MANIFEST));
  const content = withLines(manifest, linesOf(choice, app.version));
  const files = [...configs, ...(content === manifest ? [] : [{ path: MANIFEST, content }])];
  await writeAll(root, files);
  app.terminal.stdout(files.map(({ path }) => `${join(folder, path)}\n`).join(''));
  tell(app, choice, relative(app.cwd, root), content !== manifest);
}

async function refuseExisting(root: string, files: readonly NewFile[]): Promise<void> {
  const there = await Promise.all(
    files.map(async ({ path }) => ((await textOf(join(root, path))) === undefined ? [] : [path])),
  );
  const paths = there.flat();
  if (paths.length === 0) return;
  const message = `${paths.join(' and ')} ${paths.length === 1 ? 'exists' : 'exist'} already; nothing was written`;
  throw new SweeplineError('USAGE', message, {
    where: { file: join(root, paths[0] ?? '') },
    hint: 'Choose another folder, or add --force to overwrite.',
  });
}

function linesOf(choice: Choice, version: string): Lines {
  const { needs, overrides = {} } = choice.known;
  const ours = ['@sweepline/core', ...pluginsOf(choice)].map((name) => [name, `^${version}`] as const);
  return { dependencies: { ...Object.fromEntries(ours), ...needs }, overrides };
}

/** Prints what was chosen for the user, and the next command. */
function tell({ logger }: App, choice: Choice, folder: string, install: boolean): void {
  const { framework, sku, image, model } = choice;
  logger.info(`${framework} on ${sku}: ${model.model}, ${model.precision}, tp ${model.tp}, image ${image}`);
  const steps = [
    ...(folder === '' ? [] : [`cd ${folder}`]),
    ...(install ? ['npm install'] : []),
    'npx sweepline sweep',
  ];
  logger.info(`next: ${steps.join(' && ')}`);
  if (image === 'host') return;
  const { name } = CONTAINER_LAUNCHER;
  logger.info(
    `The launcher ${name} starts containers of that image on this machine. \`--image host\` is for ${framework} as it is installed here.`,
  );
}
