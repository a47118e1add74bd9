import { secretsIn } from '@sweepline/core/launch';

export type Environment = Readonly<Record<string, string>>;

/** Variables that Slurm's commands read as options: in a job, those of that job. Where its configuration is stays known. */
const OF_A_JOB = /^(?:SLURM|SLURMD|SBATCH|SALLOC|SRUN|SQUEUE|SCANCEL|SCONTROL|PMI\w*)_/;
const KEPT = new Set(['SLURM_CONF']);

/** The caller's environment in two: what Slurm may carry, and what only the agents' own connection does. */
export interface CallerEnvironment {
  readonly open: Environment;
  readonly secret: Environment;
  /** Names that Slurm's own commands are not given. */
  readonly withheld: readonly string[];
}

export function callerEnvironment(env: NodeJS.ProcessEnv): CallerEnvironment {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const ofJob = entries.filter(([name]) => OF_A_JOB.test(name) && !KEPT.has(name));
  const own = entries.filter((entry) => !ofJob.includes(entry));
  const isSecret = ([name, value]: [string, string]): boolean => secretsIn({ [name]: value }).length > 0;
  return {
    open: Object.fromEntries(own.filter((entry) => !isSecret(entry))),
    secret: Object.fromEntries(own.filter(isSecret)),
    withheld: [...ofJob, ...own.filter(isSecret)].map(([name]) => name),
  };
}
