import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { PlannedPoint } from '../../plan/plan.js';
import {
  ifThere,
  ok,
  problem,
  whichPoints,
  type Check,
  type Diagnosis,
  type DoctorContext,
} from '../diagnosis.js';

/** Programs with which launchers start containers and allocate nodes. */
const TOOLS = ['docker', 'podman', 'srun', 'sbatch', 'enroot'];
/** Vendors' tools with which hardware plugins find devices. */
const DEVICE_TOOLS = ['nvidia-smi', 'amd-smi', 'rocm-smi'];

/** Programs that the default configs would start on this machine, and those that launchers and hardware plugins use. */
export const programs: Check = {
  name: 'programs',
  async run(context) {
    const planned = (await ifThere(context.points())) ?? [];
    const started = [...new Set(planned.flatMap(programsOf))];
    const wantedBy = (program: string): string =>
      whichPoints(planned.filter((point) => programsOf(point).includes(program)));
    return [
      ...started.map((program) => engine(program, wantedBy(program), context)),
      tools('containers and clusters', TOOLS, context),
      tools('devices', DEVICE_TOOLS, context),
    ];
  },
};

/** Only those that run on this machine, not in an image. */
function programsOf(planned: PlannedPoint): readonly string[] {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return [];
  if (planned.runner.launcherName !== 'local') return [];
  return planned.plan.roles.flatMap(({ runtime, argv: [program] }) =>
    runtime.kind === 'host' && typeof program === 'string' ? [program] : [],
  );
}

function engine(program: string, points: string, { env }: DoctorContext): Diagnosis {
  const at = findProgram(program, env);
  if (at !== undefined) return ok(at === program ? `${program} exists` : `${program} is ${at}`);
  return problem(
    'SERVER_SPAWN_FAILED',
    `${points} start ${program}, which ${program.includes('/') ? "doesn't exist" : 'is not on the PATH'}`,
    'Install it, or correct its path in the config.',
  );
}

function tools(what: string, names: readonly string[], { env }: DoctorContext): Diagnosis {
  const found = names.filter((name) => findProgram(name, env) !== undefined);
  return ok(`for ${what}: ${found.length === 0 ? `none of ${names.join(', ')}` : found.join(', ')}`);
}

/** The path of the program that the system would start by this name. */
function findProgram(name: string, { PATH = '' }: DoctorContext['env']): string | undefined {
  if (isAbsolute(name)) return isProgram(name) ? name : undefined;
  return PATH.split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
