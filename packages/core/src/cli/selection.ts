import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { loadMasterConfigs, loadRunnerConfig, type LocatedEntry } from '../config/load.js';
import type { Dialect, RunnerConfig } from '../config/model.js';
import { SweeplineError } from '../errors.js';
import type { ConcurrencyBounds } from '../matrix/concurrency.js';
import { flagOf } from '../matrix/describe.js';
import { fullSweep, type FullSweepOptions, type ScenarioName } from '../matrix/full-sweep.js';
import type { Job } from '../matrix/job.js';
import { whyNothing } from '../matrix/nothing-left.js';
import {
  ENTRY_FILTER_NAMES,
  ENTRY_FILTERS,
  type EntryFilter,
  type EntryFilterName,
} from '../matrix/select.js';
import { seqLenNames, seqLenOf, writtenSeqLen, type SeqLen } from '../matrix/seq-lens.js';
import type { Trace } from '../matrix/walk.js';
import type { StartedFor } from '../results/changelog-schema.js';
import type { App } from './app.js';
import { integer, inWorkspace } from './options.js';

/** Options that select jobs; the names are InferenceX's. */
export interface SelectionOptions extends EntryFilter, ConcurrencyBounds {
  readonly configFiles?: readonly string[];
  readonly runnerConfig?: string;
  readonly seqLens?: readonly string[];
  readonly stepSize: number;
  readonly maxTp?: number;
  readonly maxEp?: number;
  readonly singleNode?: boolean;
  readonly multiNode?: boolean;
  readonly runnerNodeFilter?: string;
  readonly scenarioType?: readonly ScenarioName[];
}

/** Options that leave jobs out. */
export const FILTERS: readonly (keyof SelectionOptions)[] = [
  ...ENTRY_FILTER_NAMES,
  ...(['seqLens', 'stepSize', 'minConc', 'maxConc', 'maxTp', 'maxEp'] as const),
  ...(['singleNode', 'multiNode', 'runnerNodeFilter', 'scenarioType'] as const),
];

const RUNNER_CONFIGS = [join('.github', 'configs', 'runners.yaml'), join('configs', 'runners.yaml')];

/** Adds the options of a full sweep. */
export function withSelection(command: Command): Command {
  return withEntryFilters(command)
    .option('--seq-lens <name...>', 'keep these sequence lengths: 1k1k, 1k8k, 8k1k, or tokens such as 32/64')
    .option('--step-size <factor>', 'factor between concurrencies', integer, 2)
    .option('--min-conc <n>', 'lowest concurrency', integer)
    .option('--max-conc <n>', 'highest concurrency', integer)
    .option('--max-tp <n>', 'highest tensor parallelism (single-node jobs)', integer)
    .option(
      '--max-ep <n>',
      'highest expert parallelism; larger values are reduced to it (single-node jobs)',
      integer,
    )
    .option('--single-node', 'single-node jobs')
    .option('--multi-node', 'only multi-node jobs; with neither flag, both kinds')
    .addOption(scenarioOption());
}

/** Adds the options that every selection has. */
export function withConfigs(command: Command): Command {
  return command
    .option('--config-files <pattern...>', 'master configs: files, folders, globs')
    .option('--runner-config <file>', `runner config; default: ${RUNNER_CONFIGS.join(', then ')}`)
    .option('--runner-node-filter <text>', 'spread jobs over the nodes whose name contains this text');
}

/** Adds an option for each filter on entries, except the given one. */
export function withEntryFilters(command: Command, except?: EntryFilterName): Command {
  return ENTRY_FILTER_NAMES.filter((name) => name !== except).reduce((made, name) => {
    const { value, help } = ENTRY_FILTERS[name];
    return made.option(`${flagOf(name)} <${value}...>`, help);
  }, withConfigs(command));
}

export function scenarioOption(): Option {
  const names = ['fixed-seq-len', 'agentic-coding'];
  return new Option('--scenario-type <type...>', 'only these scenarios').choices(names);
}

/** Config entries and their runner config. */
export interface Configs {
  readonly configFiles: readonly string[];
  readonly entries: readonly LocatedEntry[];
  readonly dialect: Dialect;
  readonly runners: RunnerConfig;
}

const NO_RUNNERS: RunnerConfig = { labels: {}, hardware: {} };

/**
 * Reads the files that a command was given. Without a runner config there are no runners, unless it is `required`.
 * @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID, with all problems of all files.
 */
export async function loadConfigs(
  app: App,
  configFiles: readonly string[],
  { runnerConfig, required }: { readonly runnerConfig?: string; readonly required: boolean },
): Promise<Configs> {
  const entries = await loadMasterConfigs(configFiles, app.cwd);
  const file = runnerConfig ?? RUNNER_CONFIGS.find((path) => existsSync(join(app.cwd, path)));
  if (file === undefined && required) {
    throw new SweeplineError('CONFIG_NOT_FOUND', `there is no runner config (${RUNNER_CONFIGS.join(', ')})`, {
      hint: 'Name it with --runner-config.',
    });
  }
  const written = entries[0]?.entry.dialect;
  const runners =
    file === undefined ? NO_RUNNERS : await loadRunnerConfig(file, required ? written : undefined, app.cwd);
  const dialect = written ?? (Object.keys(runners.hardware).length > 0 ? '2026-08' : '2026-02');
  return { configFiles, entries, dialect, runners };
}

/** The options of a full sweep. Without a node flag, both kinds are kept. */
export function fullSweepOptions(options: SelectionOptions, dialect: Dialect): FullSweepOptions {
  const { singleNode = false, multiNode = false, scenarioType } = options;
  const both = !singleNode && !multiNode;
  checkStep(options);
  return {
    ...options,
    seqLens: namedSeqLens(options.seqLens, dialect),
    singleNode: singleNode || both,
    multiNode: multiNode || both,
    ...(scenarioType === undefined ? {} : { scenarioTypes: scenarioType }),
  };
}

/** With 1 or 0 the original loops forever. */
function checkStep({ stepSize }: SelectionOptions): void {
  if (stepSize > 1) return;
  throw new SweeplineError(
    'USAGE',
    `--step-size is ${stepSize}; concurrencies only grow with a factor above 1`,
  );
}

export function namedSeqLens(
  names: readonly string[] | undefined,
  dialect: Dialect,
): readonly SeqLen[] | undefined {
  return names?.map((name) => {
    const lengths = seqLenOf(name, dialect) ?? writtenSeqLen(name);
    if (lengths !== undefined) return lengths;
    throw new SweeplineError('USAGE', `--seq-lens: configs of ${dialect} have no ${name}`, {
      hint: `Names: ${seqLenNames(dialect).join(', ')}. Write others as tokens, such as 32/64.`,
    });
  });
}

/** The result of a selection. */
export interface Selection {
  readonly configFiles: readonly string[];
  /** Selected entries, with or without jobs. */
  readonly entries: readonly LocatedEntry[];
  /** Nodes by label, as the runner config lists them. */
  readonly nodes: RunnerConfig['labels'];
  readonly jobs: readonly Job[];
  /** Whose rules mark jobs for evals. */
  readonly dialect: Dialect;
  /** The entries of the changelog that ask for the jobs, if it does. */
  readonly changelog?: StartedFor;
  /** If there is no job, the reason. */
  readonly whyNothing: () => string;
}

/** The jobs for `sweep`, `plan` and a plain `matrix`. If no config is named, those of the workspace's default configs. */
export async function selectJobs(
  app: App,
  positional: readonly string[],
  options: SelectionOptions,
  trace?: Trace,
): Promise<Selection> {
  const files = await configFilesOf(app, [...positional, ...(options.configFiles ?? [])]);
  const configs = await loadConfigs(app, files, { runnerConfig: options.runnerConfig, required: false });
  checkBounds(options);
  const sweepOptions = fullSweepOptions(options, configs.dialect);
  const runners = withOwnLabels(configs);
  const selected = configs.entries.map((located) => ({
    located,
    jobs: fullSweep([located], runners, sweepOptions, trace),
  }));
  return {
    configFiles: files,
    entries: selected.flatMap(({ located, jobs }) => (jobs.length > 0 ? [located] : [])),
    nodes: configs.runners.labels,
    dialect: configs.dialect,
    jobs: selected.flatMap(({ jobs }) => jobs),
    whyNothing: () =>
      whyNothing(configs.entries, runners, sweepOptions, { ...options, scenarioTypes: options.scenarioType }),
  };
}

/** Limits that no job can meet. The original's commands accept them and print nothing. */
function checkBounds(options: SelectionOptions): void {
  for (const name of ['minConc', 'maxConc', 'maxTp', 'maxEp'] as const) {
    const value = options[name];
    if (value !== undefined && value < 1)
      throw new SweeplineError('USAGE', `${flagOf(name)} is ${value}; the smallest value is 1`);
  }
  const { minConc, maxConc } = options;
  if (minConc !== undefined && maxConc !== undefined && minConc > maxConc)
    throw new SweeplineError('USAGE', `--min-conc ${minConc} is above --max-conc ${maxConc}`);
}

/** A label of an entry is valid whether or not a runner config lists its nodes. */
function withOwnLabels({ entries, runners }: Configs): RunnerConfig {
  const own = entries.map(({ entry }) => [entry.runner, [entry.runner]] as const);
  return { ...runners, labels: { ...Object.fromEntries(own), ...runners.labels } };
}

async function configFilesOf(app: App, given: readonly string[]): Promise<readonly string[]> {
  if (given.length > 0) return given.map((file) => resolve(app.cwd, file));
  const workspace = await app.workspace();
  const defaults = workspace.config['default-configs'];
  if (defaults.length > 0) return defaults.map((file) => inWorkspace(workspace, file));
  throw new SweeplineError('USAGE', 'no config file is given, and the workspace has no default-configs', {
    where: { file: workspace.file },
    hint: 'Name config files, or list some under `default-configs:`.',
  });
}
