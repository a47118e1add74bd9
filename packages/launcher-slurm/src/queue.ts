import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, type NodeRequest } from '@sweepline/core';
import type { Controller } from './controller.js';
import { endOf, neverStarts, type JobState } from './job-state.js';

/** Milliseconds between two looks at a job that waits: soon after the submission, then a fifth longer each time. */
const SOON_MS = 50;
const LATE_MS = 10_000;
const LONGER = 1.2;

/**
 * Waits until a job has its nodes, however long that takes, and says why it hasn't. Returns their list in Slurm's short form.
 * @throws {SweeplineError} ALLOCATION_FAILED when it ended or will never start, PLAN_UNSUPPORTED where there are not enough nodes
 */
export async function waitInQueue(
  controller: Controller,
  job: string,
  { nodes, onNote }: Required<Pick<NodeRequest, 'nodes' | 'onNote'>>,
  signal: AbortSignal,
): Promise<string> {
  for (let pauseMs = SOON_MS; ; pauseMs = Math.min(LATE_MS, LONGER * pauseMs)) {
    const state = await controller.stateOf(job).catch((thrown: unknown): JobState => {
      if (thrown instanceof SweeplineError && thrown.code === 'SCHEDULER_UNREACHABLE')
        return { phase: 'waiting', reason: thrown.message };
      throw thrown;
    });
    signal.throwIfAborted();
    if (state.phase === 'running') return state.nodes;
    if (state.phase !== 'waiting') throw notStarted(job, state);
    if (neverStarts(state.reason)) throw neverStarting(job, nodes, state.reason);
    if (state.reason !== 'None') onNote(`Slurm's job ${job} waits for its nodes: ${state.reason}`);
    await delay(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function notStarted(job: string, state: JobState): SweeplineError {
  const isOfNode = 'state' in state && ['NODE_FAIL', 'BOOT_FAIL'].includes(state.state);
  return new SweeplineError('ALLOCATION_FAILED', `Slurm's job ${job} has no nodes: ${endOf(state) ?? ''}`, {
    hint: isOfNode
      ? '`sinfo --list-reasons` says which node failed, and why; `exclude-nodes` in configs/clusters.yaml leaves it out.'
      : 'Ask whoever ended it; `sacct -j` may say who that was.',
    again: true,
  });
}

function neverStarting(job: string, nodes: number, reason: string): SweeplineError {
  const code = reason === 'PartitionNodeLimit' ? 'PLAN_UNSUPPORTED' : 'ALLOCATION_FAILED';
  const message = `Slurm's job ${job} for ${nodes} nodes would never start: ${reason}`;
  return new SweeplineError(code, message, {
    hint: "Correct the cluster's partition, time limit and arguments in configs/clusters.yaml, or choose a smaller job.",
  });
}
