import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { errorFinding, runChecks, sortFindings, type Finding } from '../../config/findings.js';
import type { Inspection } from '../../config/inspect.js';
import { inspectConfigs, loadRunnerConfig, type LocatedEntry, type Workspace } from '../../config/load.js';
import type { CheckContext } from '../../config/checks/check.js';
import { runnerLabel } from '../../config/checks/runner-label.js';
import type { RunnerConfig } from '../../config/model.js';
import { EXIT, SweeplineError } from '../../errors.js';
import type { App } from '../app.js';
import { count } from '../count.js';
import { exitWith } from '../exit.js';
import { FINDING_FORMATS, renderFindings, type FindingFormat, type TextOf } from '../findings.js';
import { examples } from '../help.js';
import { inWorkspace } from '../options.js';
import { pluginFindings, type PluginFindings } from '../plugin-findings.js';

interface ValidateOptions {
  readonly configFiles?: readonly string[];
  readonly runnerConfig?: string;
  readonly strict?: boolean;
  readonly format: FindingFormat;
}

export function validateCommand(app: App): Command {
  return new Command('validate')
    .argument('[config...]', 'the same as --config-files')
    .option('--config-files <file...>', "files, folders and globs; default: the workspace's")
    .option(
      '--runner-config <file>',
      "runner config; default: the workspace's, then .github/configs/runners.yaml",
    )
    .option('--strict', 'treat warnings as errors')
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
  const inspection = await inspectConfigs(patternsOf(given, workspace), app.cwd);
  const { entries, problems, files } = inspection;
  const runners = await runnersOf(app, options.runnerConfig, workspace, entries);
  const plugins = await pluginsOf(app, workspace, inspection);
  const context: CheckContext = {
    runners: runners.config,
    labels: Object.keys(workspace?.config.runners ?? {}),
    devicesOf: plugins.devicesOf,
  };
  const findings = withoutRepeats(
    sortFindings([
      ...[...problems, ...runners.problems].map(errorFinding),
      ...plugins.findings,
      ...emptyFindings(given, workspace, entries, problems),
      ...runChecks(entries, context),
    ]),
  ).map((finding) => (options.strict ? { ...finding, severity: 'error' as const } : finding));
  const frames = options.format === 'text' && app.terminal.interactive;
  app.terminal.stdout(renderFindings(findings, options.format, frames ? textReader(app.cwd) : undefined));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  app.logger.info(
    `${count(files.length, 'file')}, ${count(entries.length, 'entry', 'entries')}: ${summary(findings, errors)}`,
  );
  return errors > 0 ? EXIT.config : EXIT.ok;
}

/** A label that nothing defines is one mistake, however many checks find it. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const place = ({ where }: Finding): string => `${where.file}:${where.line}:${where.column}`;
  const unknown = new Set(findings.filter(({ code }) => code === 'SKU_UNKNOWN').map(place));
  return findings.filter((finding) => finding.code !== runnerLabel.name || !unknown.has(place(finding)));
}

/** The workspace of the current folder, if any; the command works without one. */
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
  throw new SweeplineError('USAGE', 'no config file given, and this is not a workspace', {
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

/** The problems that plugins find; none without a workspace. */
async function pluginsOf(
  app: App,
  workspace: Workspace | undefined,
  inspection: Inspection,
): Promise<PluginFindings> {
  if (workspace !== undefined) return pluginFindings(app, workspace, inspection);
  app.logger.info("no workspace here: frameworks, runners, launchers and options aren't checked");
  return { findings: [], devicesOf: () => undefined };
}

/** Finds a workspace whose commands would have nothing to read. */
function emptyFindings(
  given: readonly string[],
  workspace: Workspace | undefined,
  entries: readonly LocatedEntry[],
  problems: readonly SweeplineError[],
): readonly Finding[] {
  if (entries.length > 0 || problems.length > 0 || given.length > 0 || workspace === undefined) return [];
  const [message, hint] =
    workspace.config['default-configs'].length === 0
      ? ['the workspace has no default-configs', 'List config files there, or name them for each command.']
      : ['the default-configs have no entry', 'Add one: configs/README.md shows how.'];
  const where = workspace.at(['default-configs']);
  return [
    { severity: 'warning', code: 'no-entries', message: `${message}: there is nothing to run`, where, hint },
  ];
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
