import { CLIENT_LIMITS, type ClientLimits } from '../load/spec/client-limits.js';
import type { LoadProgress } from '../load/records/progress.js';
import type { PlannedPoint } from '../plan/plan.js';
import { PLAIN, type Style } from '../style.js';
import type { SweepEvent } from '../sweep.js';
import type { Terminal } from './app.js';
import { duration, loadLine } from './load-line.js';
import { createStatusLine } from './status-line.js';
import { createSweepEta } from './sweep-eta.js';

/** Where lines can't be redrawn, milliseconds between two progress lines of a load. */
const LOAD_LINE_EVERY_MS = 10_000;
/** The same in a sweep, where loads are many and long. */
const SWEEP_LINE_EVERY_MS = 60_000;
/** The least width in columns at which the redrawn line shows the remaining time of the sweep. */
const WIDE_STATUS = 60;

/** Shows a sweep's events on stderr: one redrawn line on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly onEvent: (event: SweepEvent) => void;
  /** Leaves the last line on the terminal. */
  readonly end: () => void;
}

/** Monotonic milliseconds. */
type Now = () => number;

interface ProgressOptions {
  /** Limits above which the live line reports that the client is late. */
  readonly limits?: ClientLimits;
  readonly now?: Now;
}

interface SweepProgressOptions extends ProgressOptions {
  /** Points that will be measured; the others of the sweep fail at once and take no time. Default: all. */
  readonly measured?: number;
}

export function createProgress(
  terminal: Terminal,
  { limits = CLIENT_LIMITS, now = () => performance.now(), measured }: SweepProgressOptions = {},
): Progress {
  const { stderrStyle = PLAIN } = terminal;
  const status = createStatusLine(terminal);
  const isDue = createPace(SWEEP_LINE_EVERY_MS, now);
  const rest = createRest(now, measured);
  /** Skips a message that repeats that of an earlier point. */
  const warned = new Set<string>();
  let name = '';
  let place = '';
  const stay = (text: string, paint?: (shown: string) => string): void =>
    status.line(`[${place}] ${name}  `, text, paint);
  const draw = (event: SweepEvent): void => {
    const left = terminal.statusColumns < WIDE_STATUS ? '' : rest.text(', ');
    status.draw(`[${place}${left}] `, name, (room) => `  ${describe(event, limits, room - 2)}`);
  };
  return {
    end: status.clear,
    onEvent(event) {
      rest.onEvent(event);
      switch (event.type) {
        case 'warning':
          if (warned.has(event.message)) return;
          warned.add(event.message);
          stay(describe(event, limits), (shown) => shown.replace(/^warning:/, stderrStyle.caution));
          return;
        case 'point-ended':
          stay(`${describe(event, limits)}${isEnd(event) ? '' : rest.text(', about ')}`, (shown) =>
            shown.replace(STATE, (state) => paintState(state, stderrStyle)),
          );
          return;
        case 'point-started':
          name = terminal.interactive ? shortName(event.planned) : event.planned.name;
          place = `${event.index}/${event.of}`;
      }
      if (terminal.interactive) draw(event);
      else if (event.type === 'load' ? isDue() : isMilestone(event)) stay(describe(event, limits));
    },
  };
}

/** After an interrupted point no other one starts. */
function isEnd(event: SweepEvent): boolean {
  return event.type === 'point-ended' && event.result.state === 'interrupted';
}

/** The beginning of a point's line, as `describeResult` writes it. */
const STATE = /^(?:completed|interrupted|INVALID \(.*?\)|failed: [A-Z_]+)/;

function paintState(state: string, { good, bad, caution }: Style): string {
  if (state === 'completed') return good(state);
  return state === 'interrupted' ? caution(state) : bad(state);
}

/** Estimates how long the remaining points take. */
interface Rest {
  readonly onEvent: (event: SweepEvent) => void;
  /** The prefix and `5 min left`; empty while nothing can be estimated, and when nothing is left. */
  readonly text: (before: string) => string;
}

function createRest(now: Now, measured?: number): Rest {
  const eta = createSweepEta(now);
  const begun = new Set<string>();
  let ended = 0;
  let all = 0;
  return {
    onEvent(event) {
      if (event.type === 'point-started' && event.planned.state === 'planned') {
        all = measured ?? event.of;
        begun.add(event.planned.name);
        eta.started();
      }
      if (event.type === 'point-ended' && begun.has(event.result.name)) {
        ended += 1;
        eta.ended();
      }
    },
    text(before) {
      const seconds = eta.left(all - ended);
      return seconds === undefined ? '' : `${before}${duration(seconds)} left`;
    },
  };
}

/** What tells a sweep's points apart for a reader; the full name has everything but is longer than a line. */
function shortName({ point }: PlannedPoint): string {
  return `${point.job['exp-name']} conc ${point.concurrency}`;
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

/** Returns true at most once per interval. */
function createPace(everyMs: number, now: Now): () => boolean {
  let last: number | undefined;
  return () => {
    const at = now();
    last ??= at;
    if (at - last < everyMs) return false;
    last = at;
    return true;
  };
}

/** The events that get a line of their own where lines can't be redrawn. */
function isMilestone(event: SweepEvent): boolean {
  return event.type !== 'phase' || event.phase === 'start' || event.phase === 'load';
}

const PHASES = {
  acquire: 'waiting for a node',
  start: 'starting the server',
  load: 'loading',
  stop: 'stopping the server',
  save: 'saving',
} as const;

function describe(event: SweepEvent, limits: ClientLimits, room?: number): string {
  switch (event.type) {
    case 'point-started':
      return 'starting';
    case 'phase':
      return PHASES[event.phase];
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
  if (result.state === 'failed') return `failed: ${result.error.code}: ${result.error.message}`;
  if (result.state === 'interrupted') return 'interrupted';
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
