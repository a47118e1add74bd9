import type { PrintedPlan } from '../plan/print.js';

/** A command of a cluster's launcher. */
export interface LaunchCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface NamedPlan {
  readonly name: string;
  readonly plan: PrintedPlan & { readonly launch?: readonly LaunchCommand[] };
}

/** How plans are printed; each format is one row here. */
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
  if ('rejected' in plan) return `${name}\n  rejected: ${plan.rejected.reason}${nearestOf(plan.rejected)}`;
  const { image, prepare, processes, readiness, client, warnings = [], launch = [] } = plan;
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
          `client: ${client.numWarmups} warm-ups, ${client.numPrompts} prompts, ` +
            `${client.inputLen} in / ${client.outputLen} out, concurrency ${client.concurrency}`,
        ]),
    ...launch.map((command) => `launch: ${commandLine(command)}`),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return [name, ...lines.map((line) => `  ${line}`)].join('\n');
}

function nearestOf({ nearest }: { readonly nearest?: unknown }): string {
  return nearest === undefined ? '' : ` (nearest: ${JSON.stringify(nearest)})`;
}

/**
 * What a person could run: files first, then the commands of each process; those of other nodes and those beside
 * another are in the background. With a cluster's launcher it is the launcher's commands.
 */
function script({ name, plan }: NamedPlan): string {
  if ('rejected' in plan) return `\n# ${name}\n# rejected: ${oneLine(plan.rejected.reason)}`;
  const files = plan.processes.flatMap((process) => Object.entries(process.files));
  const launch = plan.launch ?? [];
  const commands =
    launch.length > 0
      ? launch.map(commandLine)
      : [...plan.prepare.map(commandLine), ...plan.processes.map(processLine(plan.processes.length > 1))];
  return [
    `\n# ${name}`,
    ...(plan.warnings ?? []).map((warning) => `# ${oneLine(warning)}`),
    ...files.flatMap(([path, text]) => fileLines(path, text)),
    ...commands,
    ...(plan.processes.length > 1 && launch.length === 0 ? ['wait'] : []),
  ].join('\n');
}

function processLine(many: boolean) {
  return ({ role, node, cwd, ...command }: Process): string => {
    const line = commandLine(command);
    const placed = cwd === undefined ? line : `(cd ${quoted(cwd)} && ${line})`;
    return many ? `# ${role} on node ${node}\n${placed} &` : placed;
  };
}

type Process = LaunchCommand & { readonly role: string; readonly node: number; readonly cwd?: string };

function fileLines(path: string, text: string): readonly string[] {
  const folder = path.includes('/') ? [`mkdir -p ${quoted(path.slice(0, path.lastIndexOf('/')))}`] : [];
  return [...folder, `cat > ${quoted(path)} <<'SWEEPLINE_FILE'`, text.replace(/\n$/, ''), 'SWEEPLINE_FILE'];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** For people and `sh`; processes are always started from argument arrays. */
function commandLine({ argv, env }: LaunchCommand): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...variables, ...argv.map(quoted)].join(' ');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
