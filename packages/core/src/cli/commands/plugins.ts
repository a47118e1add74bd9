import { Command } from 'commander';
import { findWorkspace } from '../../config/plugin-names.js';
import { formatError, SweeplineError } from '../../errors.js';
import type { InstallDeps } from '../../install/add.js';
import { declaredCommands, type DeclaredCommand } from '../../plugin/declared-commands.js';
import type { LoadedPlugin } from '../../plugin/registry.js';
import { PLAIN } from '../../style.js';
import type { App } from '../app.js';
import { BUILTIN_NAMES } from '../builtin-names.js';
import { renderDiagnoses } from '../diagnoses.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';
import { doctorContext } from '../doctor-context.js';
import { commandsOfPackages } from '../package-commands.js';

interface JsonOption {
  readonly json?: boolean;
}

export function pluginsCommand(app: App): Command {
  return new Command('plugins')
    .addCommand(listCommand(app))
    .addCommand(addCommand(app))
    .addCommand(removeCommand(app))
    .addCommand(doctorCommand(app))
    .addHelpText(
      'after',
      examples(
        'sweepline plugins list',
        'sweepline plugins add @acme/sweepline-plugin',
        'sweepline plugins remove @acme/sweepline-plugin',
        'sweepline plugins doctor',
      ),
    );
}

function listCommand(app: App): Command {
  return new Command('list')
    .description('list the loaded plugins and what each provides')
    .option('--json', 'print a JSON array instead of text')
    .action(async ({ json }: JsonOption) => {
      const { commands, problems } = await commandsOfPackages(app);
      const rows = [...(await app.registry()).all.map(describe), ...commands.map(describeCommand)];
      for (const { error } of problems) app.logger.warn(`commands left out: ${formatError(error)}`);
      const text = json
        ? JSON.stringify(rows, undefined, 2)
        : rows
            .map(
              (row) => `${row.kind}:${row.name}  ${row.package}@${row.version}  ${row.provides.join(', ')}`,
            )
            .join('\n');
      app.terminal.stdout(`${text}\n`);
    });
}

function addCommand(app: App): Command {
  return new Command('add')
    .description('install packages with npm, and list them under plugins: in configs/sweepline.yaml')
    .argument('<package...>', 'names, with or without a version, or paths, as npm takes them')
    .action(async (packages: string[]) => {
      const { addPlugins } = await import('../../install/add.js');
      await addPlugins(packages, app.cwd, await installDeps(app));
    });
}

function removeCommand(app: App): Command {
  return new Command('remove')
    .description('remove packages from plugins: in configs/sweepline.yaml, and uninstall them')
    .argument('<package...>', 'names, as listed there')
    .action(async (packages: string[]) => {
      const { removePlugins } = await import('../../install/remove.js');
      await removePlugins(packages, await installDeps(app));
    });
}

/** Finds the workspace's file but does not read it: its problem may be a package that is about to be removed. */
async function installDeps(app: App): Promise<InstallDeps> {
  const { npmProject } = await import('../../install/npm.js');
  const workspace = findWorkspace(app.cwd);
  const { root, file } = workspace ?? (await app.workspace());
  return {
    file,
    project: npmProject(root, app.signal),
    say: (line) => app.logger.info(line),
    async check(plugins) {
      await app.registryWith(plugins);
      const { problems } = await declaredCommands(plugins, file, [...BUILTIN_NAMES, 'help']);
      const errors = problems.map(({ error }) => error);
      const error = SweeplineError.together(errors, `${errors.length} problems with commands of packages`);
      if (error !== undefined) throw error;
    },
  };
}

function doctorCommand(app: App): Command {
  return new Command('doctor')
    .description(
      'check whether this machine and this workspace can run a sweep, and print how to fix problems',
    )
    .option('--json', 'print a JSON array instead of text')
    .action(async ({ json }: JsonOption) => {
      const { diagnose, exitCodeOf } = await import('../../doctor/doctor.js');
      const all = await diagnose(doctorContext(app));
      app.terminal.stdout(
        json
          ? `${JSON.stringify(all, undefined, 2)}\n`
          : renderDiagnoses(all, app.terminal.stdoutStyle ?? PLAIN),
      );
      exitWith(exitCodeOf(all));
    });
}

function describe({ plugin, package: packageName, version }: LoadedPlugin) {
  return {
    kind: plugin.kind,
    name: plugin.name,
    package: packageName,
    version,
    provides: providesOf(plugin),
  };
}

function describeCommand({ name, summary, package: packageName, version }: DeclaredCommand) {
  return { kind: 'command', name, package: packageName, version, provides: [summary] };
}

function providesOf(plugin: LoadedPlugin['plugin']): readonly string[] {
  switch (plugin.kind) {
    case 'framework':
      return plugin.frameworks;
    case 'hardware':
      return plugin.skus.map((sku) => sku.name);
    case 'metric':
      return plugin.outputs.map((output) => output.key);
    case 'recipes':
      return [`${plugin.recipes.length} recipes for ${plugin.framework}`];
    case 'launcher':
    case 'eval':
    case 'report':
      return [];
  }
}
