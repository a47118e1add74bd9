import type { Loss } from '@sweepline/core';

/** What the controller says of a job. */
export type JobState =
  /** In the queue, or its nodes are being made ready. */
  | { readonly phase: 'waiting'; readonly reason: string }
  /** `nodes`: a list in Slurm's short form, such as n[1-2]. */
  | { readonly phase: 'running'; readonly nodes: string }
  /** It is being ended; why may be known only when it has ended. */
  | { readonly phase: 'ending'; readonly state: string; readonly reason: string }
  | { readonly phase: 'ended'; readonly state: string; readonly reason: string };

/** Columns of `squeue` that `parseState` reads: state, reason, nodes. They are the same in all versions, which --json isn't. */
export const STATE_FORMAT = '%T|%r|%N';

/** Source of the names: squeue(1), "JOB STATE CODES". */
const WAITING = new Set([
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'SPECIAL_EXIT',
]);
const RUNNING = new Set(['RUNNING', 'SIGNALING', 'STAGE_OUT', 'RESIZING']);

/** A line of `squeue`. */
export function parseState(line: string): JobState {
  const [state = '', reason = '', nodes = ''] = line.split('|');
  if (WAITING.has(state)) return { phase: 'waiting', reason };
  if (RUNNING.has(state)) return { phase: 'running', nodes };
  return { phase: state === 'COMPLETING' ? 'ending' : 'ended', state, reason };
}

/** Slurm forgets jobs some minutes after their end. */
export const FORGOTTEN: JobState = { phase: 'ended', state: 'GONE', reason: '' };

const ENDS: Readonly<Record<string, string>> = {
  CANCELLED: 'it was cancelled by somebody',
  TIMEOUT: 'it reached its time limit',
  NODE_FAIL: 'one of its nodes failed',
  PREEMPTED: 'it was preempted for another job',
  OUT_OF_MEMORY: 'it ran out of memory',
  BOOT_FAIL: 'one of its nodes could not be booted',
  DEADLINE: 'it reached its deadline',
  SUSPENDED: 'it was suspended',
  STOPPED: 'it was stopped',
  COMPLETED: 'the process that holds its nodes ended',
  FAILED: 'the process that holds its nodes failed',
  GONE: 'Slurm knows it no more',
};

/** Why a job has its nodes no more, in a sentence's words; undefined while it has them. */
export function endOf(state: JobState): string | undefined {
  if (state.phase === 'running') return undefined;
  if (state.phase === 'waiting') return `it was put back into the queue (${state.reason})`;
  const { state: name, reason } = state;
  const why = ENDS[name] ?? (reason === 'TimeLimit' ? ENDS['TIMEOUT'] : undefined) ?? 'it is being ended';
  const said = [name, ...(reason === '' || reason === 'None' ? [] : [reason])].join(', ');
  return `${why} (${said})`;
}

/** Whether another job of the same kind would end in the same way: at its time limit, or for want of memory. */
export function isFinal(state: JobState): boolean {
  return (
    'state' in state && (['TIMEOUT', 'OUT_OF_MEMORY'].includes(state.state) || state.reason === 'TimeLimit')
  );
}

/** Reasons in the queue that waiting doesn't change. Source: squeue(1), "JOB REASON CODES". */
const NEVER_STARTS = new Set([
  'PartitionNodeLimit',
  'PartitionTimeLimit',
  'BadConstraints',
  'InvalidAccount',
  'InvalidQOS',
  'DependencyNeverSatisfied',
  'AssocMaxWallDurationPerJobLimit',
  'QOSMaxWallDurationPerJobLimit',
]);

export function neverStarts(reason: string): boolean {
  return NEVER_STARTS.has(reason);
}

/** Slurm's words for what was ended for want of memory: by the kernel (task/cgroup), or by Slurm itself (OverMemoryKill). */
const FOR_MEMORY = /^.*(?:oom[-_ ]kill|Out Of Memory|exceeded memory limit).*$/im;

/** What Slurm said of memory that was used up; undefined where it said nothing of the kind. */
export function memoryWords(said: string): string | undefined {
  return FOR_MEMORY.exec(said)?.[0].trim();
}

/** Why a node is lost whose agent has ended. @param said by the agent's step */
export function lossOf(node: string, said: string): Loss {
  const words = memoryWords(said);
  if (words === undefined) return { reason: `${node} can't be reached any more: ${said}`, node };
  const reason = `the job's memory was used up on ${node}; \`--mem\` in \`allocation-args\` gives it more (${words})`;
  return { reason, again: false };
}
