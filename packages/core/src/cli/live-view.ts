import type { OpenPoint, QueueState, SweepState } from '../sweep-state.js';
import { duration, loadLine } from './load-line.js';
import type { ClientLimits } from '../load/spec/client-limits.js';

/** Width of a point's name. */
const NAME_COLUMNS = 40;
/** Points that are shown if the terminal doesn't say how high it is. */
const LEAST_ROWS = 3;

const PHASES = {
  acquire: 'waiting for nodes',
  start: 'starting the server',
  load: 'loading',
  eval: 'asking',
  stop: 'stopping the server',
  save: 'saving',
} as const satisfies Record<OpenPoint['phase'], string>;

/** What a phase is called. */
export function phaseText(phase: OpenPoint['phase']): string {
  return PHASES[phase];
}

export interface ViewSettings {
  /** Rows and columns that it may take. */
  readonly rows: number;
  readonly columns: number;
  readonly limits: ClientLimits;
  /** How long the rest takes; empty while nothing can be estimated. */
  readonly left: string;
  /** What tells points apart for people. */
  readonly nameOf: (name: string) => string;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
}

/** A sweep that measures several points at the same time: what has ended, its queues, and the points, a line each. */
export function liveView(state: SweepState, settings: ViewSettings): readonly string[] {
  const head = [summary(state, settings.left), ...state.queues.filter(isOfInterest).map(queueLine)];
  const room = Math.max(LEAST_ROWS, settings.rows - head.length);
  const shown = state.open.length <= room ? state.open : state.open.slice(0, room - 1);
  const more = state.open.length - shown.length;
  return [
    ...head,
    ...shown.map((point) => pointLine(point, settings)),
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ];
}

function summary(
  { points, ended, invalid, failed, rejected, failures, leftOut, queues }: SweepState,
  left: string,
): string {
  const by = [...failures].map(([layer, count]) => `${layer} ${count}`).join(', ');
  const [running, waiting] = [sumOf(queues, 'running'), sumOf(queues, 'waiting')];
  return [
    `${ended} of ${points} points have ended`,
    ...(failed === 0 ? [] : [`${failed} failed (${by})`]),
    ...(invalid === 0 ? [] : [`${invalid} INVALID`]),
    ...(rejected === 0 ? [] : [`${rejected} rejected`]),
    ...(leftOut === 0 ? [] : [`${leftOut} left out`]),
    `${running} sessions run`,
    ...(waiting === 0 ? [] : [`${waiting} wait`]),
    ...(left === '' ? [] : [left]),
  ].join(', ');
}

function sumOf(queues: readonly QueueState[], key: 'running' | 'waiting'): number {
  return queues.reduce((sum, queue) => sum + queue[key], 0);
}

/** A single machine is busy or it isn't. */
function isOfInterest({ nodes, running, waiting }: QueueState): boolean {
  return nodes > 1 && running + waiting > 0;
}

function queueLine({ name, nodes, taken, running, waiting }: QueueState): string {
  return `  ${name}: ${taken} of ${nodes} nodes, ${running} sessions run, ${waiting} wait`;
}

function pointLine({ name, phase, sinceMs, load }: OpenPoint, settings: ViewSettings): string {
  const { columns, limits, nowMs } = settings;
  const label = settings
    .nameOf(name)
    .slice(0, NAME_COLUMNS)
    .padEnd(Math.min(NAME_COLUMNS, columns >> 1));
  const before = `  ${label}  `;
  const isLoaded = phase === 'load' && load !== undefined;
  const after = isLoaded
    ? loadLine(load, Math.max(1, columns - before.length), limits)
    : `${phaseText(phase)} for ${duration((nowMs - sinceMs) / 1000)}`;
  return before + after;
}
