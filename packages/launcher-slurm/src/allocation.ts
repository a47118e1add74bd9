import type { Settings } from './settings.js';

/** What is allocated. */
export interface Allocation {
  /** 32 hex digits of the session, or the placeholder for them. */
  readonly token: string;
  readonly nodes: number;
  /** Minutes. */
  readonly 'time-limit'?: number | undefined;
}

/** Holds the nodes until it is cancelled: a batch job needs no process on this machine, and survives it. */
const HOLD = 'exec sleep infinity';

/** The name of a session's job. It holds the whole token, by which the job is found again among all others. */
export function jobName(token: string): string {
  return `sweepline-${token}`;
}

/** `sbatch` prints the job's number alone. It is given nothing of this environment, which accounting may keep. */
export function submitArgv({ token, ...wanted }: Allocation, settings: Settings): readonly string[] {
  return [
    ...['sbatch', '--parsable', `--job-name=${jobName(token)}`, `--comment=sweepline:${token}`],
    ...allocationArgs(wanted, settings),
    ...settings['allocation-args'],
    // Requeued, it would start again on other nodes while a server is measured.
    ...['--no-requeue', '--export=NONE', '--chdir=/', '--output=/dev/null', `--wrap=${HOLD}`],
  ];
}

/** What `salloc`, `sbatch` and an allocating `srun` have alike. */
export function allocationArgs(
  { nodes, 'time-limit': minutes }: Omit<Allocation, 'token'>,
  settings: Settings,
): readonly string[] {
  const { partition, account, exclusive, 'cpus-per-task': cores, devices } = settings;
  const { 'exclude-nodes': excluded } = settings;
  return [
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(nodes > 1 ? [`--nodes=${nodes}`] : []),
    ...(excluded.length === 0 ? [] : [`--exclude=${excluded.join(',')}`]),
    ...(devices === 0 ? [] : [`--gres=gpu:${devices}`]),
    ...(exclusive ? ['--exclusive'] : []),
    ...(cores === undefined ? [] : [`--cpus-per-task=${cores}`]),
    ...(minutes === undefined ? [] : [`--time=${minutes}`]),
  ];
}
