import { Command } from 'commander';
import { printPlan, type PrintedPlan } from '../../plan/print.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { positiveInteger } from '../options.js';
import { planSelection } from '../planning.js';
import { withSelection, type SelectionOptions } from '../selection.js';

interface PlanOptions extends SelectionOptions {
  readonly json?: boolean;
  readonly port: number;
}

const DEFAULT_PORT = 8888;

export function planCommand(app: App): Command {
  return withSelection(new Command('plan'))
    .argument('[config...]', "files, folders and globs; default: the workspace's default-configs")
    .description('print what would be launched for each job, without launching it')
    .option('--json', 'a JSON array instead of text')
    .option('--port <port>', 'port shown where a free one would be taken', positiveInteger, DEFAULT_PORT)
    .addHelpText(
      'after',
      examples('sweepline plan', 'sweepline plan configs/local.yaml --json | jq ".[0].processes"'),
    )
    .action(async (config: string[], options: PlanOptions) => {
      const { points } = await planSelection(app, config, options, { launch: false });
      const plans = points.map((point) => ({ name: point.name, plan: printPlan(point, options.port) }));
      const text = options.json
        ? JSON.stringify(
            plans.map(({ plan }) => plan),
            undefined,
            2,
          )
        : plans.map(({ name, plan }) => describePlan(name, plan)).join('\n\n');
      app.terminal.stdout(`${text}\n`);
    });
}

function describePlan(name: string, plan: PrintedPlan): string {
  if ('rejected' in plan) return `${name}\n  rejected: ${plan.rejected.reason}`;
  const lines = plan.processes.map(({ role, node, argv, env }) => {
    const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    return `  ${role}[${node}]: ${[...variables, ...argv].join(' ')}`;
  });
  const ready = plan.readiness.map(
    ({ role, path, timeoutS }) => `  ready: ${role} ${path} within ${timeoutS} s`,
  );
  const client =
    plan.client === undefined
      ? []
      : [
          `  client: ${plan.client.numWarmups} warm-ups, ${plan.client.numPrompts} prompts, ` +
            `${plan.client.inputLen} in / ${plan.client.outputLen} out, concurrency ${plan.client.concurrency}`,
        ];
  return [name, ...lines, ...ready, ...client].join('\n');
}
