import { SweeplineError, type Executor } from '@sweepline/core';
import { jobName } from './allocation.js';
import { FORGOTTEN, parseState, STATE_FORMAT, type JobState } from './job-state.js';

/** Slurm, by its own commands on this machine. */
export interface Controller {
  /**
   * Submits a job and returns its number.
   * @throws {SweeplineError} ALLOCATION_FAILED when Slurm refuses it, SCHEDULER_UNREACHABLE when it may have been submitted or not
   */
  submit(argv: readonly string[], signal: AbortSignal): Promise<string>;
  /** Numbers of the user's jobs of this session that have not ended. @throws {SweeplineError} SCHEDULER_UNREACHABLE */
  find(token: string): Promise<readonly string[]>;
  /** Names of the user's jobs that have not ended. @throws {SweeplineError} SCHEDULER_UNREACHABLE */
  names(): Promise<readonly string[]>;
  /** @throws {SweeplineError} SCHEDULER_UNREACHABLE */
  stateOf(job: string): Promise<JobState>;
  /** @throws {SweeplineError} SCHEDULER_UNREACHABLE */
  cancel(job: string): Promise<void>;
  /** Names and addresses of nodes, in the job's order. @throws {SweeplineError} SCHEDULER_UNREACHABLE */
  nodesOf(list: string): Promise<readonly SlurmNode[]>;
  /** The first of these nodes that Slurm holds for failed, with its reason. @throws {SweeplineError} SCHEDULER_UNREACHABLE */
  downAmong(list: string): Promise<string | undefined>;
}

export interface SlurmNode {
  readonly name: string;
  readonly address: string;
}

/** Milliseconds that a command has: more than its own patience with the controller, some of it with a backup. */
const COMMAND_MS = 60_000;
const UNKNOWN_JOB = /Invalid job id specified/;

/** @param withheld variables that its commands are not given */
export function createController(executor: Executor, withheld: readonly string[]): Controller {
  const run = async (argv: readonly string[], signal?: AbortSignal) => {
    const limit = AbortSignal.timeout(COMMAND_MS);
    const own = signal === undefined ? limit : AbortSignal.any([limit, signal]);
    return executor.run({ argv, withoutEnv: withheld }, own).catch((cause: unknown) => {
      throw notThere(argv, cause);
    });
  };
  /** What a question is answered with; questions fail only when nobody answers. */
  const ask = async (argv: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await run(argv);
    if (exit.code === 0) return stdout;
    throw unreachable(argv, stderr || `it ended with ${exit.code ?? exit.signal}`);
  };
  return {
    async submit(argv, signal) {
      const { exit, stdout, stderr } = await run(argv, signal);
      // `--parsable`: the number, and with several clusters a semicolon and the name of its cluster.
      const job = /^(\d+)(?:;\S+)?$/.exec(stdout.trim())?.[1];
      if (exit.code === 0 && job !== undefined) return job;
      if (exit.code === 0 || exit.code === undefined || !isRefusal(stderr)) throw unreachable(argv, stderr);
      throw refused(stderr);
    },
    async find(token) {
      const name = jobName(token);
      const lines = await ask(['squeue', '--me', `--name=${name}`, '--noheader', '--format=%A|%j']);
      const rows = lines.split('\n').map((line) => line.trim().split('|'));
      return rows.filter(([, found]) => found === name).map(([job = '']) => job);
    },
    async names() {
      const lines = await ask(['squeue', '--me', '--noheader', '--format=%j']);
      return lines.split('\n').map((line) => line.trim());
    },
    async stateOf(job) {
      const argv = ['squeue', `--jobs=${job}`, '--states=all', '--noheader', `--format=${STATE_FORMAT}`];
      const { exit, stdout, stderr } = await run(argv);
      if (exit.code === 0) return stdout.trim() === '' ? FORGOTTEN : parseState(stdout.trim());
      if (UNKNOWN_JOB.test(stderr)) return FORGOTTEN;
      throw unreachable(argv, stderr);
    },
    async cancel(job) {
      const { exit, stderr } = await run(['scancel', job]);
      if (exit.code !== 0 && !UNKNOWN_JOB.test(stderr)) throw unreachable(['scancel'], stderr);
    },
    async nodesOf(list) {
      const [hosts, said] = await Promise.all([
        ask(['scontrol', 'show', 'hostnames', list]),
        ask(['scontrol', 'show', 'node', '--oneliner', list]),
      ]);
      const address = (name: string): string =>
        new RegExp(`^NodeName=${name} (?:.* )?NodeAddr=(\\S+)`, 'm').exec(said)?.[1] ?? name;
      return hosts
        .trim()
        .split('\n')
        .map((name) => ({ name, address: address(name) }));
    },
    async downAmong(list) {
      const argv = ['sinfo', '--noheader', '--Node', `--nodes=${list}`, '--states=down', '--format=%N (%E)'];
      return (await ask(argv)).trim().split('\n').find(Boolean);
    },
  };
}

/** Slurm's own words for a request that it won't have; whatever else it says, the job may be there. Source: Slurm's slurm_errno.c. */
function isRefusal(stderr: string): boolean {
  const isUnanswered =
    /contact slurm controller|timed out|time.?out|Zero Bytes|communication|connect|standby/i;
  return /error:/.test(stderr) && !isUnanswered.test(stderr);
}

function refused(stderr: string): SweeplineError {
  return new SweeplineError('ALLOCATION_FAILED', `Slurm refused the job: ${wordsOf(stderr)}`, {
    hint: "Correct the cluster's partition, account, limits and `allocation-args` in configs/clusters.yaml.",
  });
}

function unreachable([program = '']: readonly string[], stderr: string): SweeplineError {
  return new SweeplineError('SCHEDULER_UNREACHABLE', `${program} got no answer: ${wordsOf(stderr)}`, {
    hint: 'Look whether slurmctld answers: `scontrol ping`.',
  });
}

function notThere([program = '']: readonly string[], cause: unknown): unknown {
  if (!(cause instanceof SweeplineError)) return cause;
  return new SweeplineError('ALLOCATION_FAILED', cause.message, {
    hint: `Run Sweepline where Slurm's commands (${program}) are, such as a login node.`,
    cause,
  });
}

/** On one line, without the name of the program before each. */
function wordsOf(stderr: string): string {
  return stderr
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\w+: (?:error: )?/, ''))
    .join('; ');
}
