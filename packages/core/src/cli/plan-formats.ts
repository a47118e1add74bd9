import { concurrenciesOf, type Job } from '../matrix/job.js';
import type { PrintedClient, PrintedPlan, PrintedProcess } from '../plan/print.js';
import type { LaunchCommand, PrintedCommand } from '../plugin/launch-commands.js';

export interface NamedPlan {
  readonly name: string;
  readonly plan: PrintedPlan & { readonly launch?: readonly LaunchCommand[] };
}

/** The formats in which plans are printed, one row each. */
const FORMATS = {
  text: (plans: readonly NamedPlan[]) => plans.map(describe).join('\n\n'),
  json: (plans: readonly NamedPlan[]) =>
    JSON.stringify(
      plans.map(({ plan }) => plan),
      undefined,
      2,
    ),
  sh: (plans: readonly NamedPlan[]) => ['#!/bin/sh', 'set -eu', ...plans.map(script)].join('\n'),
} as const;

export type PlanFormat = keyof typeof FORMATS;
export const PLAN_FORMATS = Object.keys(FORMATS) as readonly PlanFormat[];

export function renderPlans(plans: readonly NamedPlan[], format: PlanFormat): string {
  return `${FORMATS[format](plans)}\n`;
}

function describe({ name, plan }: NamedPlan): string {
  if ('failed' in plan) return `${name}\n  failed: ${oneLine(plan.failed.reason)}`;
  if ('rejected' in plan) return `${name}\n  rejected: ${plan.rejected.reason}${nearestOf(plan.rejected)}`;
  const { image, prepare, processes, readiness, client, evals = [], warnings = [], launch = [] } = plan;
  const lines = [
    ...(image === undefined ? [] : [`image: ${image}`]),
    ...prepare.map((command) => `prepare: ${commandLine(command)}`),
    ...processes.flatMap(({ role, node, files, ...command }) => [
      ...Object.keys(files).map((file) => `${role}[${node}] file: ${file}`),
      `${role}[${node}]: ${commandLine(command)}`,
    ]),
    ...readiness.map(({ role, path, timeoutS }) => `ready: ${role} ${path} within ${timeoutS} s`),
    ...(client === undefined
      ? []
      : [
          `client: ${requestsOf(client)}${lengthsOf(client)}concurrency ${client.concurrency}${otherThan(client, plan.job)}${loadOf(client)}`,
        ]),
    ...evals.map(
      ({ task, argv, floor }) =>
        `eval: ${task}${floor === undefined ? '' : `, floor ${floor}`}: ${argv.join(' ')}`,
    ),
    ...launch.map((command) => `launch: ${commandLine(command)}`),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return [name, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** The concurrencies of a job whose plan is that of the highest. */
function otherThan({ concurrency }: PrintedClient, job: Job): string {
  const others = concurrenciesOf(job).filter((one) => one !== concurrency);
  return others.length === 0 ? '' : ` (the job also has ${others.join(', ')})`;
}

function requestsOf({ numWarmups, numPrompts }: PrintedClient): string {
  if (numPrompts === undefined) return 'the requests of its data set, ';
  return `${numWarmups} warm-ups, ${numPrompts} prompts, `;
}

/** `, poisson for 60 s at 4/s`; empty for InferenceX's load. */
function loadOf({ load, rate }: PrintedClient): string {
  if (load === undefined) return '';
  return `, ${load}${rate === undefined ? '' : ` at ${rate}/s`}`;
}

/** Empty for scenarios without fixed lengths. */
function lengthsOf({ inputLen, outputLen }: PrintedClient): string {
  return inputLen === undefined ? '' : `${inputLen} in / ${outputLen} out, `;
}

function nearestOf({ nearest }: { readonly nearest?: unknown }): string {
  return nearest === undefined ? '' : ` (nearest: ${JSON.stringify(nearest)})`;
}

/**
 * Commands that a person could run: files first, then either the launcher's commands or, for this machine, the setup commands and the
 * processes; all processes but the last run in the background.
 */
function script({ name, plan }: NamedPlan): string {
  if ('failed' in plan) return `\n# ${name}\n# failed: ${oneLine(plan.failed.reason)}`;
  if ('rejected' in plan) return `\n# ${name}\n# rejected: ${oneLine(plan.rejected.reason)}`;
  const { prepare, processes, warnings = [], launch } = plan;
  const files = processes.flatMap((process) => Object.entries(process.files));
  const commands = launch ?? [...prepare, ...processes.map(backgroundUnlessLast)];
  const cleanups = commands.filter(({ always }: LaunchCommand) => always === true);
  return [
    `\n# ${name}`,
    ...warnings.map((warning) => `# ${oneLine(warning)}`),
    ...new Map(files.map(([path, text]) => [path, fileLines(path, text)])).values(),
    // Cleanup runs even if the rest fails.
    ...(cleanups.length === 0
      ? []
      : [
          `trap '${cleanups
            .map((one) => `${line(one)}; `)
            .join('')
            .replaceAll("'", `'\\''`)}' EXIT`,
        ]),
    ...commands.filter((command) => !cleanups.includes(command)).map(scriptLine),
  ]
    .flat()
    .join('\n');
}

function backgroundUnlessLast(
  process: PrintedProcess,
  index: number,
  all: readonly unknown[],
): LaunchCommand {
  return { ...process, ...(index < all.length - 1 ? { background: true } : {}) };
}

function scriptLine(command: LaunchCommand): string {
  const placed =
    command.cwd === undefined ? line(command) : `(cd ${quoted(command.cwd)} && ${line(command)})`;
  if (command.background === true) return `${placed} &`;
  // The job ID that later commands use.
  return command.prints === 'job-id' ? `JOB_ID=$(${placed})` : placed;
}

function fileLines(path: string, text: string): readonly string[] {
  const folder = path.includes('/') ? [`mkdir -p ${quoted(path.slice(0, path.lastIndexOf('/')))}`] : [];
  return [...folder, `cat > ${quoted(path)} <<'SWEEPLINE_FILE'`, text.replace(/\n$/, ''), 'SWEEPLINE_FILE'];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** For people; Sweepline itself always starts processes from argument arrays. */
function commandLine({ argv, env }: PrintedCommand): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${plainlyQuoted(value)}`);
  return [...variables, ...argv.map(plainlyQuoted)].join(' ');
}

/** For `sh`: placeholders become the shell's variables. */
function line({ argv, env }: PrintedCommand): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...variables, ...argv.map(quoted)].join(' ');
}

/** The values that are known where the script runs. */
const IN_SHELL: Readonly<Record<string, string>> = {
  '{job-id}': '"$JOB_ID"',
  '{hostname}': '"$(hostname)"',
  '{uid}': '"$(id -u)"',
  '{user}': '"$(id -un)"',
  '{workspace}': '"$PWD"',
  '{YYYYMMDD}': '"$(date +%Y%m%d)"',
};

function quoted(text: string): string {
  if (text === '') return "''";
  return text
    .split(/(\{[a-zA-Z-]+\})/)
    .filter((part) => part !== '')
    .map((part) => IN_SHELL[part] ?? plainlyQuoted(part))
    .join('');
}

function plainlyQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
