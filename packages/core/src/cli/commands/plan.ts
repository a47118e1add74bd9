import { Command, Option } from 'commander';
import { SweeplineError, toSweeplineError } from '../../errors.js';
import { concurrenciesOf, type Job } from '../../matrix/job.js';
import { launchCommands, portOf } from '../../plan/launch-commands.js';
import type { PlannedPoint } from '../../plan/plan.js';
import { failedPlan, printPlan } from '../../plan/print.js';
import { PLACEHOLDERS, type Circumstances } from '../../plan/resolve.js';
import { conditionsOf, withConditions, type ConditionOptions } from '../conditions.js';
import type { App } from '../app.js';
import { markedSelection, withEvalOptions, type EvalOptions } from '../eval-options.js';
import { examples } from '../help.js';
import { jobsOfMatrix } from '../matrix-file.js';
import { positiveInteger } from '../options.js';
import { PLAN_FORMATS, renderPlans, type NamedPlan, type PlanFormat } from '../plan-formats.js';
import { selectedJobs, withEvals } from '../planning.js';
import { withSelection, type SelectionOptions } from '../selection.js';

interface PlanOptions extends SelectionOptions, ConditionOptions, EvalOptions {
  readonly json?: boolean;
  readonly format: PlanFormat;
  readonly matrix?: string;
  readonly node?: string;
  readonly port?: number;
}

const DEFAULT_PORT = 8888;

export function planCommand(app: App): Command {
  return withEvalOptions(withConditions(withSelection(new Command('plan'))))
    .argument('[config...]', "files, folders and globs; default: the workspace's default-configs")
    .option('--matrix <file>', 'jobs from a matrix JSON instead of configs; - reads stdin')
    .option('--node <name>', "plan for this node, and add its cluster's launcher commands")
    .option(
      '--port <port>',
      `port of the server, unless it is fixed; default: set by the cluster with --node, else ${DEFAULT_PORT}`,
      positiveInteger,
    )
    .addOption(new Option('--format <format>', 'how plans are printed').choices(PLAN_FORMATS).default('text'))
    .option('--json', 'short for --format json')
    .addHelpText(
      'after',
      examples(
        'sweepline plan',
        'sweepline plan configs/local.yaml --json | jq ".[0].processes"',
        'sweepline matrix configs/nvidia | sweepline plan --matrix - --compat strict --json',
        'sweepline plan configs/nvidia/dsr1-h200-sglang.yaml --node h200-cw_0 --format sh',
      ),
    )
    .addHelpText(
      'after',
      '\nOne server serves a job at all its concurrencies: the plan is that for the highest. --max-conc leaves only lower ones.',
    )
    .action(async (config: string[], options: PlanOptions) => {
      const jobs = await jobsOf(app, config, options);
      const planner = await app.planner();
      const conditions = conditionsOf(options, app);
      const points = jobs.map((job) => ({ job, concurrency: Math.max(...concurrenciesOf(job)) }));
      const problems: SweeplineError[] = [];
      const planned = await withEvals(
        app,
        points.map((point) => planner.tryPlan(point, conditions)),
      );
      const plans = planned.map((point) =>
        tryPrint(point, options, app, (problem) => problems.push(problem)),
      );
      app.terminal.stdout(renderPlans(plans, options.json === true ? 'json' : options.format));
      const error = SweeplineError.together(problems, `${problems.length} jobs can't be planned`);
      if (error !== undefined) throw error;
    });
}

async function jobsOf(app: App, config: readonly string[], options: PlanOptions): Promise<readonly Job[]> {
  const { matrix, node } = options;
  const jobs =
    matrix === undefined ? await markedJobs(app, config, options) : await jobsOfMatrix(app, matrix);
  return node === undefined ? jobs : jobs.map((job) => ({ ...job, runner: node }));
}

async function markedJobs(
  app: App,
  config: readonly string[],
  options: PlanOptions,
): Promise<readonly Job[]> {
  const selected = await selectedJobs(app, config, options, { launch: false });
  return (await markedSelection(app, selected, options)).jobs;
}

/** A problem with one job's plan must not hide those of the others. */
function tryPrint(
  planned: PlannedPoint,
  options: PlanOptions,
  app: App,
  onProblem: (problem: SweeplineError) => void,
): NamedPlan {
  try {
    if (planned.state === 'failed') throw planned.error;
    return printed(planned, options, app);
  } catch (thrown) {
    const error = toSweeplineError(thrown, 'PLAN_INVALID', { where: { job: planned.name } });
    // The mistake is in the command, not in the plan of a job.
    if (error.code === 'USAGE') throw error;
    onProblem(error);
    return { name: planned.name, plan: failedPlan(planned, error) };
  }
}

function printed(planned: PlannedPoint, { node, port, compat }: PlanOptions, app: App): NamedPlan {
  const circumstances = circumstancesOf(app);
  const { name, runner } = planned;
  if (node === undefined) return { name, plan: printPlan(planned, port ?? DEFAULT_PORT, circumstances) };
  const { cluster } = runner;
  if (cluster === undefined) {
    throw new SweeplineError('USAGE', `no cluster has a node ${node}`, {
      hint: 'Name a node of a cluster in configs/clusters.yaml: the cluster, an underscore, a number.',
    });
  }
  const ownPort = port ?? portOf(cluster, { node, user: circumstances.user });
  const plan = printPlan(planned, ownPort, circumstances);
  const strict = compat === 'strict';
  return {
    name,
    plan: { ...plan, launch: launchCommands(planned, plan, node, circumstances, { strict, port: ownPort }) },
  };
}

/** The workspace and user as the original's workflows have them, if they are in the environment; otherwise placeholders. */
function circumstancesOf({ env }: App): Circumstances {
  return {
    ...PLACEHOLDERS,
    ...(env['GITHUB_WORKSPACE'] === undefined ? {} : { workspace: env['GITHUB_WORKSPACE'] }),
    ...(env['USER'] === undefined ? {} : { user: env['USER'] }),
  };
}
