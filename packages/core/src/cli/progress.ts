import type { LoadProgress } from '../load/progress.js';
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
  let prefix = '';
  return {
    end: status.clear,
    onEvent(event) {
      if (event.type === 'point-started') prefix = `[${event.index}/${event.of}] ${event.planned.name}`;
      const text = `${prefix}  ${describe(event)}`;
      if (event.type === 'point-ended') status.line(text);
      else if (terminal.interactive) status.draw(text);
      else if (isMilestone(event)) status.line(text);
    },
  };
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
      if (terminal.interactive) status.draw(describeLoad(progress));
      else if (progress.done === progress.total) status.line(describeLoad(progress));
    },
  };
}

const CLEAR_LINE = '\r\u001b[2K';

function createStatusLine({ stderr, columns }: Terminal) {
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr(CLEAR_LINE);
    drawn = false;
  };
  return {
    clear,
    draw(text: string): void {
      stderr(CLEAR_LINE + text.slice(0, columns - 1));
      drawn = true;
    },
    line(text: string): void {
      clear();
      stderr(`${text}\n`);
    },
  };
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
  const { total_token_throughput: rate } = result.metrics;
  const marks = result.marks.map(({ code }) => code).join(', ');
  return `completed${rate === undefined ? '' : `, ${Math.round(rate)} tok/s`}${marks === '' ? '' : ` (${marks})`}`;
}
