import { expect, it } from 'vitest';
import { endOf, isFinal, lossOf, neverStarts, parseState } from '../src/job-state.js';

/* Lines of `squeue --format=%T|%r|%N` of Slurm 22.05. */
const LINES = [
  ['RUNNING|None|n[1-2]', undefined],
  ['CANCELLED|None|n1', 'it was cancelled by somebody (CANCELLED)'],
  ['COMPLETING|TimeLimit|n2', 'it reached its time limit (COMPLETING, TimeLimit)'],
  ['TIMEOUT|TimeLimit|n[1-2]', 'it reached its time limit (TIMEOUT, TimeLimit)'],
  ['NODE_FAIL|NodeDown|n[3-4]', 'one of its nodes failed (NODE_FAIL, NodeDown)'],
  ['PREEMPTED|None|n[1-4]', 'it was preempted for another job (PREEMPTED)'],
  ['OUT_OF_MEMORY|OutOfMemory|n1', 'it ran out of memory (OUT_OF_MEMORY, OutOfMemory)'],
  ['BOOT_FAIL|None|n1', 'one of its nodes could not be booted (BOOT_FAIL)'],
  ['SUSPENDED|None|n1', 'it was suspended (SUSPENDED)'],
  ['PENDING|BeginTime|', 'it was put back into the queue (BeginTime)'],
  ['SOMETHING_NEW|None|n1', 'it is being ended (SOMETHING_NEW)'],
] as const;

it.each(LINES)('knows what became of a running job by %s', (line, why) => {
  expect(endOf(parseState(line))).toBe(why);
});

it('knows that another job would reach the same limits of time and memory', () => {
  const final = LINES.map(([line]) => line).filter((line) => isFinal(parseState(line)));
  expect(final).toEqual([
    'COMPLETING|TimeLimit|n2',
    'TIMEOUT|TimeLimit|n[1-2]',
    'OUT_OF_MEMORY|OutOfMemory|n1',
  ]);
});

it('tells waiting from what never starts', () => {
  expect(parseState('PENDING|Resources|')).toEqual({ phase: 'waiting', reason: 'Resources' });
  expect(parseState('CONFIGURING|None|n1')).toEqual({ phase: 'waiting', reason: 'None' });
  expect(['PartitionNodeLimit', 'PartitionTimeLimit', 'Resources', 'Priority'].map(neverStarts)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it.each([
  'slurmstepd-n1: error: StepId=3.2 exceeded memory limit (615378944 > 524288000), being killed',
  'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=3.2.',
])('says of a node that is lost with its agent that memory was used up: %s', (words) => {
  expect(lossOf('n1', `srun: Job step aborted\n${words}\nsrun: error: n1: task 0: Killed`)).toEqual({
    reason: `the job's memory was used up on n1; \`--mem\` in \`allocation-args\` gives it more (${words})`,
    again: false,
  });
  expect(lossOf('n1', 'Connection reset')).toEqual({
    reason: "n1 can't be reached any more: Connection reset",
    node: 'n1',
  });
});
