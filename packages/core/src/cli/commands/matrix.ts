import { Command, Option } from 'commander';
import type { Dialect } from '../../config/model.js';
import { SweeplineError } from '../../errors.js';
import { applyEvals, type EvalOptions } from '../../matrix/evals/index.js';
import { fullSweep, type ScenarioName } from '../../matrix/full-sweep.js';
import type { Job } from '../../matrix/job.js';
import type { EntryFilter } from '../../matrix/select.js';
import { runnerModelSweep } from '../../matrix/runner-model-sweep.js';
import { testConfig } from '../../matrix/test-config.js';
import type { Trace } from '../../matrix/walk.js';
import type { App } from '../app.js';
import { checkArguments } from '../argparse.js';
import { createExplanation } from '../explanation.js';
import { examples } from '../help.js';
import { JOB_FORMATS, renderJobs, type JobFormat } from '../job-formats.js';
import { integer } from '../options.js';
import {
  fullSweepOptions,
  loadConfigs,
  namedSeqLens,
  scenarioOption,
  selectJobs,
  withConfigs,
  withEntryFilters,
  withSelection,
  type Configs,
  type Selection,
  type SelectionOptions,
} from '../selection.js';

interface OutputOptions {
  readonly format: JobFormat;
  readonly explain?: boolean;
}

/** commander takes `--no-evals` as `evals: false`. */
interface CommonFlags extends Omit<EvalOptions, 'noEvals'>, OutputOptions {
  readonly evals: boolean;
  readonly configFiles?: readonly string[];
  readonly runnerConfig?: string;
  readonly runnerNodeFilter?: string;
  readonly scenarioType?: readonly ScenarioName[];
}

interface NodeFlags {
  readonly singleNode?: boolean;
  readonly multiNode?: boolean;
}

type FullSweepFlags = CommonFlags & SelectionOptions;

interface RunnerModelSweepFlags extends CommonFlags, NodeFlags, Omit<EntryFilter, 'runnerType'> {
  readonly runnerType: string;
  readonly conc?: number;
}

interface TestConfigFlags extends CommonFlags {
  readonly configKeys: readonly string[];
  readonly conc?: readonly number[];
  readonly seqLens?: readonly string[];
}

export function matrixCommand(app: App): Command {
  return withOutput(withSelection(new Command('matrix').enablePositionalOptions()))
    .argument('[config...]', "files, folders and globs; default: the workspace's default-configs")
    .addHelpText(
      'after',
      examples(
        'sweepline matrix',
        'sweepline matrix full-sweep --single-node --config-files configs/nvidia --model-prefix dsr1 --seq-lens 1k1k',
        'sweepline matrix configs/local.yaml --format table --explain',
      ),
    )
    .addCommand(fullSweepCommand(app))
    .addCommand(runnerModelSweepCommand(app))
    .addCommand(testConfigCommand(app))
    .action(async (config: string[], options: SelectionOptions & OutputOptions) => {
      await print(app, options, (trace) => selectJobs(app, config, options, trace));
    });
}

function fullSweepCommand(app: App): Command {
  return withEvals(withOutput(withSelection(new Command('full-sweep'))))
    .description('all jobs of all entries, within the filters')
    .addHelpText(
      'after',
      examples('sweepline matrix full-sweep --multi-node --config-files configs/amd --max-conc 512'),
    )
    .action(async (options: FullSweepFlags, command: Command) => {
      await expand(app, command, options, (configs, trace) => {
        const { dialect, runners } = configs;
        if (dialect === '2026-02') requireNodeFlag(options);
        else checkBounds(options);
        return fullSweep(configs.entries, runners, fullSweepOptions(options, dialect), trace);
      });
    });
}

function runnerModelSweepCommand(app: App): Command {
  return withEvals(withOutput(withEntryFilters(new Command('runner-model-sweep'), 'runnerType')))
    .description('one job per entry of a runner, on each of its nodes (configs of February 2026)')
    .addHelpText(
      'after',
      examples(
        'sweepline matrix runner-model-sweep --single-node --runner-type h200 --config-files configs/nvidia',
      ),
    )
    .requiredOption('--runner-type <runner>', 'the runner')
    .option('--conc <n>', "use this concurrency instead of the config's lowest one", integer)
    .option('--single-node', 'single-node entries')
    .option('--multi-node', 'multi-node entries')
    .action(async (options: RunnerModelSweepFlags, command: Command) => {
      await expand(app, command, options, ({ entries, dialect, runners }, trace) => {
        if (dialect !== '2026-02') throw notIn(dialect, 'runner-model-sweep');
        requireNodeFlag(options);
        return runnerModelSweep(
          entries,
          runners,
          { ...options, multiNode: options.multiNode ?? false },
          trace,
        );
      });
    });
}

function testConfigCommand(app: App): Command {
  return withEvals(withOutput(withConfigs(new Command('test-config'))))
    .description('all jobs of the entries with the given keys')
    .addHelpText(
      'after',
      examples(
        'sweepline matrix test-config --config-keys dsr1-fp8-h200-sglang --config-files configs/nvidia',
      ),
    )
    .requiredOption('--config-keys <key...>', 'the keys; globs in configs of August 2026')
    .addOption(
      new Option('--conc <n...>', 'only these concurrencies').argParser<readonly number[]>(
        (text, earlier) => [...((earlier as readonly number[] | undefined) ?? []), integer(text)],
      ),
    )
    .option('--seq-lens <name...>', 'only these sequence lengths')
    .addOption(scenarioOption())
    .action(async (options: TestConfigFlags, command: Command) => {
      await expand(app, command, options, ({ entries, dialect, runners }, trace) => {
        if (dialect === '2026-02' && options.seqLens !== undefined) throw notIn(dialect, '--seq-lens');
        const { seqLens, scenarioType, ...rest } = options;
        const chosen = { ...rest, seqLens: namedSeqLens(seqLens, dialect), scenarioTypes: scenarioType };
        return testConfig(entries, runners, chosen, trace);
      });
    });
}

function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how jobs are printed').choices(JOB_FORMATS).default('json'))
    .option('--explain', 'explain on stderr how the jobs of each entry are derived');
}

function withEvals(command: Command): Command {
  return command
    .addOption(new Option('--run-evals', 'mark jobs for accuracy runs (2026-02)').conflicts('evalsOnly'))
    .addOption(new Option('--evals-only', 'only the jobs marked for accuracy runs'))
    .addOption(new Option('--no-evals', 'mark none (2026-08)').conflicts(['evalsOnly', 'allEvals']))
    .addOption(new Option('--all-evals', 'mark all jobs that can be marked, and keep only those (2026-08)'));
}

/** Reads configs, expands them and prints the jobs; nothing is printed when anything is wrong. */
async function expand(
  app: App,
  command: Command,
  options: CommonFlags,
  make: (configs: Configs, trace: Trace) => readonly Job[],
): Promise<void> {
  const { configFiles, runnerConfig, evals } = options;
  checkArguments(command, app.args);
  if (configFiles === undefined) throw new SweeplineError('USAGE', '--config-files is missing');
  await print(app, options, async (trace) => {
    const configs = await loadConfigs(app, configFiles, { runnerConfig, required: true });
    checkFlags(options, configs.dialect);
    const jobs = applyEvals(make(configs, trace), configs.dialect, { ...options, noEvals: !evals });
    return { jobs, whyNothing: () => '--explain shows why each entry has no jobs' };
  });
}

/** Flags that only one version of the original has. */
function checkFlags({ runEvals, evals, allEvals, scenarioType }: CommonFlags, dialect: Dialect): void {
  if (dialect === '2026-08' && runEvals) throw notIn(dialect, '--run-evals');
  if (dialect !== '2026-02') return;
  if (!evals) throw notIn(dialect, '--no-evals');
  if (allEvals) throw notIn(dialect, '--all-evals');
  if (scenarioType !== undefined) throw notIn(dialect, '--scenario-type');
}

function notIn(dialect: Dialect, what: string): SweeplineError {
  return new SweeplineError('USAGE', `there is no ${what} for configs of ${dialect}`);
}

function requireNodeFlag({ singleNode, multiNode }: NodeFlags): void {
  if (Boolean(singleNode) !== Boolean(multiNode)) return;
  throw new SweeplineError('USAGE', 'configs of 2026-02 need either --single-node or --multi-node');
}

function checkBounds({ minConc, maxConc }: SelectionOptions): void {
  if (minConc === undefined || maxConc === undefined || minConc <= maxConc) return;
  throw new SweeplineError('USAGE', `--min-conc ${minConc} is above --max-conc ${maxConc}`);
}

async function print(
  app: App,
  { format, explain }: OutputOptions,
  make: (trace: Trace) => Promise<Pick<Selection, 'jobs' | 'whyNothing'>>,
): Promise<void> {
  const explanation = createExplanation();
  const { jobs, whyNothing } = await make(explain ? explanation.trace : () => {});
  if (explain) app.logger.info(explanation.render(jobs));
  if (jobs.length === 0) app.logger.warn(`no job is left: ${whyNothing()}`);
  app.terminal.stdout(renderJobs(jobs, format, app.terminal.columns));
}
