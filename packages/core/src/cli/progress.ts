import { CLIENT_LIMITS, type ClientLimits } from '../load/spec/client-limits.js';
import type { LoadProgress } from '../load/records/progress.js';
import type { PlannedPoint } from '../plan/plan.js';
import { PLAIN, type Style } from '../style.js';
import { namesText } from '../report/notices.js';
import { reasonOf } from '../results/reason.js';
import type { SweepEvent } from '../sweep.js';
import { followSweep, type FollowedSweep, type SweepState } from '../sweep-state.js';
import type { Terminal } from './app.js';
import { liveView, phaseText } from './live-view.js';
import { loadLine, timeLeft } from './load-line.js';
import { createStatusLine } from './status-line.js';

/** Where lines can't be redrawn, milliseconds between two progress lines of a load. */
const LOAD_LINE_EVERY_MS = 10_000;
/** The same in a sweep, where loads are many and long. */
const SWEEP_LINE_EVERY_MS = 60_000;
/** Height of a terminal that doesn't say it. */
const FEW_ROWS = 24;
/** The least width in columns at which the redrawn line shows the remaining time of the sweep. */
const WIDE_STATUS = 60;

/** Shows a sweep's events on stderr: one redrawn line on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly onEvent: (event: SweepEvent) => void;
  /** Where the sweep is. */
  readonly state: () => SweepState;
  /** Leaves the last line on the terminal. */
  readonly end: () => void;
}

/** Monotonic milliseconds. */
type Now = () => number;

/** Events that are about one point. */
type PointEvents = Extract<
  SweepEvent,
  { type: 'point-started' | 'phase' | 'load' | 'warning' | 'point-ended' }
>;

interface ProgressOptions {
  /** Limits above which the live line reports that the client is late. */
  readonly limits?: ClientLimits;
  readonly now?: Now;
}

type SweepProgressOptions = ProgressOptions & Partial<FollowedSweep>;

/** What is shown of a point besides its events. */
interface Shown {
  readonly name: string;
  readonly place: string;
}

export function createProgress(terminal: Terminal, options: SweepProgressOptions = {}): Progress {
  const { limits = CLIENT_LIMITS, now = () => performance.now(), points = 0 } = options;
  const { stderrStyle = PLAIN } = terminal;
  const status = createStatusLine(terminal);
  const isDue = createPace(SWEEP_LINE_EVERY_MS, now);
  const follower = followSweep({ ...options, points, now });
  /** Skips a message that repeats that of an earlier point. */
  const warned = new Set<string>();
  const shown = new Map<string, Shown>();
  const caution = (text: string): string => text.replace(/^warning:/, stderrStyle.caution);
  const stay = (name: string, text: string, paint?: (line: string) => string): void => {
    const { place, name: short } = shown.get(name) ?? { place: '', name };
    status.line(`[${place}] ${short}  `, text, paint);
  };
  const draw = (name: string, event: PointEvents): void => {
    const { state } = follower;
    if (state.open.length > 1) {
      status.drawAll(viewOf(state));
      return;
    }
    const { place, name: short } = shown.get(name) ?? { place: '', name };
    const left = terminal.statusColumns < WIDE_STATUS ? '' : leftText(', ', state);
    status.draw(`[${place}${left}] `, short, (room) => `  ${describe(event, limits, room - 2)}`);
  };
  const viewOf = (state: SweepState): readonly string[] =>
    liveView(state, {
      rows: (terminal.statusRows ?? FEW_ROWS) - 1,
      columns: terminal.statusColumns - 1,
      limits,
      left: leftText('about ', state),
      nameOf: (name) => shown.get(name)?.name ?? name,
      nowMs: now(),
    });
  return {
    end: status.clear,
    state: () => follower.state,
    onEvent(event) {
      follower.onEvent(event);
      switch (event.type) {
        case 'scheduled':
        case 'session-begun':
        case 'session-ended':
          return;
        case 'node-left-out':
          status.line('', `warning: node ${event.node} is used no more: ${event.reason}`, caution);
          return;
        case 'points-left-out':
          status.line('', `warning: ${leftOutText(event)}`, caution);
          return;
        case 'warning':
          if (warned.has(event.message)) return;
          warned.add(event.message);
          stay(event.name, describe(event, limits), caution);
          return;
        case 'point-ended':
          stay(
            event.result.name,
            `${describe(event, limits)}${isEnd(event) ? '' : leftText(', about ', follower.state)}`,
            (line) => line.replace(STATE, (state) => paintState(state, stderrStyle)),
          );
          shown.delete(event.result.name);
          return;
        case 'point-started': {
          const { name } = event.planned;
          const short = terminal.interactive ? shortName(event.planned) : name;
          shown.set(name, { name: short, place: `${event.index}/${event.of}` });
        }
      }
      const name = event.type === 'point-started' ? event.planned.name : event.name;
      if (terminal.interactive) draw(name, event);
      else if (event.type === 'load' ? isDue(name) : isMilestone(event)) stay(name, describe(event, limits));
    },
  };
}

function leftOutText({ names, reason }: Extract<SweepEvent, { type: 'points-left-out' }>): string {
  const are = names.length === 1 ? '1 point is' : `${names.length} points are`;
  return `${are} left out, as ${reason}: ${namesText(names)}`;
}

/** After an interrupted point no other one starts. */
function isEnd(event: SweepEvent): boolean {
  return event.type === 'point-ended' && event.result.state === 'interrupted';
}

/** The beginning of a point's line, as `describeResult` writes it. */
const STATE = /^(?:completed|interrupted|INVALID \(.*?\)|(?:failed|rejected): [A-Z_]+)/;

function paintState(state: string, { good, bad, caution }: Style): string {
  if (state === 'completed') return good(state);
  return /^(?:interrupted|rejected)/.test(state) ? caution(state) : bad(state);
}

/** The prefix and `5 min left`; empty while nothing can be estimated, and when nothing is left. */
function leftText(before: string, { left }: SweepState): string {
  return left === undefined ? '' : before + timeLeft(left);
}

/** What tells a sweep's points apart for a reader; the full name has everything but is longer than a line. */
function shortName({ point, repeat }: PlannedPoint): string {
  const which = repeat === undefined ? '' : ` run ${repeat.number}`;
  return `${point.job['exp-name']} conc ${point.concurrency}${which}`;
}

/** The same for a single load. */
export function createLoadProgress(
  terminal: Terminal,
  { limits = CLIENT_LIMITS, now = () => performance.now() }: ProgressOptions = {},
): {
  readonly onProgress: (progress: LoadProgress) => void;
  readonly end: () => void;
} {
  const status = createStatusLine(terminal);
  const isDue = createPace(LOAD_LINE_EVERY_MS, now);
  let ended: LoadProgress['phase'] | undefined;
  return {
    end: status.clear,
    onProgress(progress) {
      const { phase, done, total } = progress;
      if (phase === 'warmup' && total === 0) return;
      if (terminal.interactive) {
        status.draw('', '', (room) => loadLine(progress, room, limits));
        return;
      }
      // A probe's total is the number of requests sent so far.
      const isEnd = phase !== 'probe' && done === total && total > 0 && phase !== ended;
      if (isEnd) ended = phase;
      if (isDue() || isEnd) status.line('', loadLine(progress, Infinity, limits));
    },
  };
}

/** Returns true at most once per interval, for each name by itself. */
function createPace(everyMs: number, now: Now): (name?: string) => boolean {
  const lasts = new Map<string, number>();
  return (name = '') => {
    const at = now();
    const last = lasts.get(name) ?? at;
    const isDue = at - last >= everyMs;
    lasts.set(name, isDue ? at : last);
    return isDue;
  };
}

/** Phases that get one. */
const SAID: ReadonlySet<string> = new Set(['start', 'load', 'eval']);

/** The events that get a line of their own where lines can't be redrawn. */
function isMilestone(event: PointEvents): boolean {
  return event.type !== 'phase' || SAID.has(event.phase);
}

function describe(event: PointEvents, limits: ClientLimits, room?: number): string {
  switch (event.type) {
    case 'point-started':
      return 'starting';
    case 'phase':
      return phaseText(event.phase);
    case 'load':
      return loadLine(event.progress, room, limits);
    case 'warning':
      return `warning: ${event.message}`;
    case 'point-ended':
      return describeResult(event.result);
  }
}

/** A result on one line. */
export function describeResult(result: Extract<SweepEvent, { type: 'point-ended' }>['result']): string {
  const reason = reasonOf(result);
  if (reason !== undefined) return `${result.state}: ${reason.code}: ${reason.message}`;
  if (result.state !== 'completed') return result.state;
  const { output_throughput: rate } = result.metrics;
  const codes = (severity: 'note' | 'invalid'): string =>
    result.marks
      .filter((mark) => mark.severity === severity)
      .map(({ code }) => code)
      .join(', ');
  const [invalid, notes] = [codes('invalid'), codes('note')];
  return [
    invalid === '' ? 'completed' : `INVALID (${invalid})`,
    ...(rate === undefined ? [] : [`${Math.round(rate)} tok/s`]),
    ...(notes === '' ? [] : [`noted: ${notes}`]),
  ].join(', ');
}
