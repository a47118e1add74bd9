import { Command } from 'commander';
import { formatError } from '../../errors.js';
import type { DeclaredCommand } from '../../plugin/declared-commands.js';
import type { LoadedPlugin } from '../../plugin/registry.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { commandsOfPackages } from '../package-commands.js';

export function pluginsCommand(app: App): Command {
  const list = new Command('list')
    .description('the loaded plugins, and what each provides')
    .option('--json', 'a JSON array instead of text')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { commands, problems } = await commandsOfPackages(app);
      const rows = [...(await app.registry()).all.map(describe), ...commands.map(describeCommand)];
      for (const { error } of problems) app.logger.warn(`commands are left out: ${formatError(error)}`);
      const text = json
        ? JSON.stringify(rows, undefined, 2)
        : rows
            .map(
              (row) => `${row.kind}:${row.name}  ${row.package}@${row.version}  ${row.provides.join(', ')}`,
            )
            .join('\n');
      app.terminal.stdout(`${text}\n`);
    });
  return new Command('plugins')
    .addCommand(list)
    .addHelpText('after', examples('sweepline plugins list', 'sweepline plugins list --json'));
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
    case 'report':
      return [];
  }
}
