import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { FIELD } from '../../config/fields.js';
import { errorFinding, runChecks, sortFindings, type Finding } from '../../config/findings.js';
import { inspectConfigs, loadRunnerConfig, type LocatedEntry, type Workspace } from '../../config/load.js';
import type { CheckContext } from '../../config/checks/check.js';
import type { RunnerConfig } from '../../config/model.js';
import { EXIT, messageOf, SweeplineError } from '../../errors.js';
import { rejectionsOf } from '../rejections.js';
import { optionProblems } from '../../plan/check-entries.js';
import type { Registry } from '../../plugin/registry.js';
import type { App } from '../app.js';
import { exitWith } from '../exit.js';
import { FINDING_FORMATS, renderFindings, type FindingFormat, type TextOf } from '../findings.js';
import { examples } from '../help.js';
import { inWorkspace } from '../options.js';

interface ValidateOptions {
  readonly configFiles?: readonly string[];
  readonly runnerConfig?: string;
  readonly strict?: boolean;
  readonly format: FindingFormat;
}

export function validateCommand(app: App): Command {
  return new Command('validate')
    .description('check config files and say everything that is wrong, or seems to be, with them')
    .argument('[config...]', 'files, folders and globs, as --config-files')
    .option('--config-files <file...>', "files, folders and globs; default: the workspace's")
    .option(
      '--runner-config <file>',
      "runner config; default: the workspace's, then .github/configs/runners.yaml",
    )
    .option('--strict', 'warnings are errors')
    .addOption(
      new Option('--format <format>', 'how findings are printed').choices(FINDING_FORMATS).default('text'),
    )
    .addHelpText(
      'after',
      examples(
        'sweepline validate',
        'sweepline validate configs --strict',
        'sweepline validate configs --format github',
      ),
    )
    .action(async (config: string[], options: ValidateOptions) =>
      exitWith(await validate(app, [...config, ...(options.configFiles ?? [])], options)),
    );
}

async function validate(app: App, given: readonly string[], options: ValidateOptions): Promise<number> {
  const workspace = await workspaceOf(app);
  const { entries, problems, files } = await inspectConfigs(patternsOf(given, workspace), app.cwd);
  const runners = await runnersOf(app, options.runnerConfig, workspace, entries);
  const plugins = await pluginsOf(app, workspace, entries);
  const context: CheckContext = {
    runners: runners.config,
    labels: Object.keys(workspace?.config.runners ?? {}),
    devicesOf: plugins.devicesOf,
  };
  const findings = sortFindings([
    ...[...problems, ...runners.problems, ...plugins.problems].map(errorFinding),
    ...runChecks(entries, context, options.strict ? 'error' : 'warning'),
  ]);
  const frames = options.format === 'text' && app.terminal.interactive;
  app.terminal.stdout(renderFindings(findings, options.format, frames ? textReader(app.cwd) : undefined));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  app.logger.info(
    `${count(files.length, 'file')}, ${count(entries.length, 'entry', 'entries')}: ${summary(findings, errors)}`,
  );
  return errors > 0 ? EXIT.config : EXIT.ok;
}

/** The workspace that the command was called in; it needs none. */
async function workspaceOf(app: App): Promise<Workspace | undefined> {
  return app.workspace().catch((thrown: unknown) => {
    if (thrown instanceof SweeplineError && thrown.code === 'CONFIG_NOT_FOUND') return undefined;
    throw thrown;
  });
}

function patternsOf(given: readonly string[], workspace: Workspace | undefined): readonly string[] {
  if (given.length > 0) return given;
  if (workspace !== undefined) {
    return [
      workspace.file,
      ...workspace.config['default-configs'].map((file) => inWorkspace(workspace, file)),
    ];
  }
  throw new SweeplineError('USAGE', 'no config file given, and this is no workspace', {
    hint: 'Name files, folders or globs.',
  });
}

interface Runners {
  readonly config?: RunnerConfig & { readonly file: string };
  readonly problems: readonly SweeplineError[];
}

async function runnersOf(
  app: App,
  given: string | undefined,
  workspace: Workspace | undefined,
  entries: readonly LocatedEntry[],
): Promise<Runners> {
  const usual = [
    join(workspace?.root ?? app.cwd, 'configs', 'runners.yaml'),
    resolve(app.cwd, '.github/configs/runners.yaml'),
  ];
  const file = given ?? usual.find((path) => existsSync(path));
  if (file === undefined) return { problems: [] };
  try {
    const config = await loadRunnerConfig(file, entries[0]?.entry.dialect, app.cwd);
    return { config: { ...config, file: relative(app.cwd, resolve(app.cwd, file)) }, problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError)) throw thrown;
    return { problems: thrown.problems.length > 0 ? thrown.problems : [thrown] };
  }
}

interface Plugins {
  readonly devicesOf: CheckContext['devicesOf'];
  readonly problems: readonly SweeplineError[];
}

/** What plugins know: the options of their frameworks, the GPUs of their nodes. Says what can't be checked without them. */
async function pluginsOf(
  app: App,
  workspace: Workspace | undefined,
  entries: readonly LocatedEntry[],
): Promise<Plugins> {
  const without = (why: string): Plugins => {
    app.logger.info(`${why}: options of frameworks aren't checked`);
    return { devicesOf: () => undefined, problems: [] };
  };
  if (workspace === undefined) return without('no workspace here');
  try {
    const [registry, resolveRunner] = await Promise.all([app.registry(), app.runners()]);
    const devicesOf = (label: string): number | undefined => {
      try {
        return resolveRunner(label).sku.devicesPerNode;
      } catch {
        return undefined; // no plugin knows it
      }
    };
    for (const framework of unserved(entries, registry)) {
      app.logger.info(`no plugin serves ${framework}: its options aren't checked`);
    }
    const optionsProblems = entries.flatMap((located) => optionProblems(located, registry));
    const planner = optionsProblems.length === 0 ? await app.planner() : undefined;
    const rejections =
      planner === undefined ? [] : entries.flatMap((located) => rejectionsOf(located, planner));
    return { devicesOf, problems: [...optionsProblems, ...rejections] };
  } catch (thrown) {
    return without(`plugins can't be loaded (${messageOf(thrown)})`);
  }
}

/** Frameworks of entries with options, of which no loaded plugin knows more. */
function unserved(entries: readonly LocatedEntry[], registry: Registry): ReadonlySet<string> {
  const served = new Set(
    registry.all.flatMap(({ plugin }) => (plugin.kind === 'framework' ? plugin.frameworks : [])),
  );
  const asked = entries.filter(({ entry }) => entry[FIELD.options] !== undefined);
  return new Set(
    asked.map(({ entry }) => entry[FIELD.framework]).filter((framework) => !served.has(framework)),
  );
}

function textReader(cwd: string): TextOf {
  const texts = new Map<string, string>();
  return (file) => {
    const text = texts.get(file) ?? readFileSync(resolve(cwd, file), 'utf8');
    texts.set(file, text);
    return text;
  };
}

function summary(findings: readonly Finding[], errors: number): string {
  if (findings.length === 0) return 'no problems';
  const warnings = findings.length - errors;
  return [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ].join(', ');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
