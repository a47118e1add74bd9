import type { MachineRecord } from '../../load/health/machine/machine.js';
import type { RunRecord } from '../../load/records/record.js';
import { isShort, limitsOf, most, MORE_CLIENT, percent, windowS, workersOf } from './client-facts.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Signs that the machine took time away from the measurement: it stopped the client, or gave its CPUs to others. */
export const MACHINE_CHECKS: readonly Check[] = [
  frozenClient,
  heldBack,
  suspended,
  clockShift,
  machineShared,
];

/** A few long pauses cause only a few late timers, so they are judged by the time that they take. */
function frozenClient(run: RunRecord): Mark | undefined {
  const windowMs = 1000 * windowS(run);
  const pauses = workersOf(run).flatMap(({ pauses }) => pauses ?? []);
  const lostMs = most(pauses.map((one) => one.lostMs)) ?? 0;
  const longestMs = most(pauses.flatMap(({ longest }) => longest.map(({ ms }) => ms))) ?? 0;
  const share = lostMs / windowMs;
  const limit = limitsOf(run).frozenShare;
  const isLong = longestMs >= MARK_LIMITS.pauseMs && share > MARK_LIMITS.frozenNoteShare;
  if (isShort(run) ? longestMs < MARK_LIMITS.pauseMs : share <= limit && !isLong) return undefined;
  const message =
    `the client was paused for ${lostMs.toFixed(0)} ms, ${percent(share)} of the window, at most ${longestMs.toFixed(0)} ms at once: ` +
    'it was stopped, or had no CPU; ';
  return share > limit
    ? invalid('client-frozen', `${message}limit ${percent(limit)}; ${MORE_CLIENT}`)
    : note(
        'client-frozen',
        `${message}${share > MARK_LIMITS.frozenMeansShare ? "means and p99s are partly the client's own" : "the longest latencies (p99.9, maximum) are the client's own"}`,
      );
}

function heldBack(run: RunRecord): Mark | undefined {
  const share = (run.client.machine?.throttledS ?? 0) / windowS(run);
  if (isShort(run) || share <= MARK_LIMITS.throttledNoteShare) return undefined;
  const message =
    `a CPU limit of the client's cgroup (container, pod or job) throttled it for ${percent(Math.min(1, share))} of the window: ` +
    'raise the limit, or run the client on another machine';
  return share > limitsOf(run).throttledShare
    ? invalid('client-throttled', message)
    : note('client-throttled', message);
}

/** The monotonic clock stops while a machine is suspended; a server elsewhere continues. */
function suspended(run: RunRecord): Mark | undefined {
  const seconds = (run.client.machine?.suspendedMs ?? 0) / 1000;
  if (seconds === 0) return undefined;
  return invalid(
    'client-suspended',
    `the client's machine was suspended for ${seconds.toFixed(1)} s of the window, which its times exclude; measure again`,
  );
}

function clockShift(run: RunRecord): Mark | undefined {
  const { suspendedMs = 0, wallShiftMs = 0 } = run.client.machine ?? {};
  if (suspendedMs > 0 || Math.abs(wallShiftMs) < MARK_LIMITS.wallShiftMs) return undefined;
  return note(
    'clock-shift',
    `the client's wall clock moved by ${(wallShiftMs / 1000).toFixed(1)} s relative to its monotonic one: it was set, or the virtual ` +
      'machine was paused, which latencies exclude',
  );
}

/**
 * CPU use by others is a fact about the machine, not a mistake of the client: it makes the result invalid only if it took this
 * much time from the server.
 */
function machineShared(run: RunRecord): Mark | undefined {
  const { machine } = run.client;
  if (machine === undefined || isShort(run)) return undefined;
  const others = shareOf(machine, machine.othersCpuS) ?? 0;
  const stolen = shareOf(machine, machine.stolenCpuS) ?? 0;
  const takenS = (machine.othersCpuS ?? 0) + (machine.stolenCpuS ?? 0);
  // A server with more threads than CPUs also waits for itself.
  const lost = Math.min(machine.serverWaitS ?? 0, takenS) / machine.seconds;
  if (others + stolen <= MARK_LIMITS.othersShare && lost <= MARK_LIMITS.serverLostShare) return undefined;
  const message =
    `other programs used ${percent(others)} of the machine's CPU time` +
    `${stolen > 0 ? ` and its host took ${percent(stolen)}` : ''}; a thread of the server waited for a CPU for ${percent(lost)} of the window: ` +
    'stop other programs there, or measure on another machine';
  const limit = limitsOf(run).serverLostShare;
  return lost > limit
    ? invalid('machine-shared', `${message} (limit ${percent(limit)})`)
    : note('machine-shared', message);
}

function shareOf({ cpus, seconds }: MachineRecord, cpuS: number | undefined): number | undefined {
  return cpuS === undefined || cpus === undefined ? undefined : cpuS / (cpus * seconds);
}
