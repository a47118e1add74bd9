import { FIELD } from '../config/fields.js';
import type { LoadProgress } from '../load/progress.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { SweepEvent } from '../sweep.js';
import type { Terminal } from './app.js';

/** Shows a sweep's events on stderr: one line that is redrawn on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly onEvent: (event: SweepEvent) => void;
  /** Leaves what is on the terminal as it is. */
  readonly end: () => void;
}

export function createProgress(terminal: Terminal): Progress {
  const status = createStatusLine(terminal);
  let name = '';
  let place = '';
  return {
    end: status.clear,
    onEvent(event) {
      if (event.type === 'point-started') {
        name = terminal.interactive ? shortName(event.planned) : event.planned.name;
        place = `[${event.index}/${event.of}] `;
      }
      const text = describe(event);
      if (event.type === 'point-ended') status.line(`${place}${name}  ${text}`);
      else if (terminal.interactive) status.draw(place, name, `  ${text}`);
      else if (isMilestone(event)) status.line(`${place}${name}  ${text}`);
    },
  };
}

/** What a person tells a sweep's points apart by; the whole name says everything and is longer than a line. */
function shortName({ point }: PlannedPoint): string {
  return `${point.job[FIELD.expName]} conc ${point.concurrency}`;
}

/** The same for one load. */
export function createLoadProgress(terminal: Terminal): {
  readonly onProgress: (progress: LoadProgress) => void;
  readonly end: () => void;
} {
  const status = createStatusLine(terminal);
  return {
    end: status.clear,
    onProgress(progress) {
      if (terminal.interactive) status.draw('', '', describeLoad(progress));
      else if (progress.done === progress.total && progress.total > 0) status.line(describeLoad(progress));
    },
  };
}

const CLEAR_LINE = '\r\u001b[2K';
/** Around a line that is redrawn: should it be too wide after all, it is cut at the edge and not wrapped. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];
const SHORTEST_NAME = 12;

function createStatusLine(terminal: Terminal) {
  const { stderr } = terminal;
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr(CLEAR_LINE);
    drawn = false;
  };
  return {
    clear,
    /** Where there isn't room for all of it, the name is shortened first. */
    draw(before: string, name: string, after: string): void {
      const room = terminal.statusColumns - 1;
      const short = shortened(name, Math.max(SHORTEST_NAME, room - before.length - after.length));
      stderr(CLEAR_LINE + NO_WRAP + printable(before + short + after).slice(0, room) + WRAP);
      drawn = true;
    },
    line(text: string): void {
      clear();
      stderr(`${printable(text)}\n`);
    },
  };
}

/** Both ends of a text: names often differ only in one of them. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(-tail)}`;
}

/** Names and messages come from configs and servers: nothing in them may move the cursor. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** What is worth a line of its own where lines can't be redrawn. */
function isMilestone(event: SweepEvent): boolean {
  return event.type === 'phase' ? event.phase === 'start' || event.phase === 'load' : event.type !== 'load';
}

const PHASES = {
  acquire: 'waiting for a node',
  start: 'starting the server',
  load: 'loading',
  stop: 'stopping the server',
  save: 'saving',
} as const;

function describe(event: SweepEvent): string {
  switch (event.type) {
    case 'point-started':
      return 'starting';
    case 'phase':
      return PHASES[event.phase];
    case 'load':
      return describeLoad(event.progress);
    case 'point-ended':
      return describeResult(event.result);
  }
}

function describeLoad({ phase, done, total, failed, tokensPerS, etaS }: LoadProgress): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  const eta = etaS === undefined ? '' : `, ETA ${Math.ceil(etaS)} s`;
  return `${phase} ${done}/${total}${failures}, ${Math.round(tokensPerS)} tok/s${eta}`;
}

function describeResult(result: Extract<SweepEvent, { type: 'point-ended' }>['result']): string {
  if (result.state === 'failed') return `failed: ${result.error.code}: ${result.error.message}`;
  if (result.state === 'interrupted') return 'interrupted';
  const { output_throughput: rate } = result.metrics;
  const marks = result.marks.map(({ code }) => code).join(', ');
  return `completed${rate === undefined ? '' : `, ${Math.round(rate)} tok/s`}${marks === '' ? '' : ` (${marks})`}`;
}
