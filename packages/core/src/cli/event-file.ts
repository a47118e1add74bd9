import { constants, createWriteStream, openSync, type WriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { within } from '../launch/within.js';
import { isValid } from '../results/collect.js';
import { messageOf } from '../errors.js';
import { reasonOf } from '../results/reason.js';
import type { RunInfo } from '../results/run-schema.js';
import type { EventLine, Happening } from '../schedule/events.js';
import { loadFacts } from '../schedule/load-fields.js';
import type { SweepEvent } from '../sweep.js';
import type { App } from './app.js';

/** Milliseconds that a pipe's reader has for the last events. */
const LAST_MS = 2_000;

/** Writes a sweep's events to a file, a pipe or a device, a JSON object per line. */
export interface EventFile {
  begun(points: number): void;
  readonly onEvent: (event: SweepEvent) => void;
  /** Resolves when all is written. */
  ended(run: RunInfo): Promise<void>;
}

/** A file that can't be written costs the events alone: a warning says so, once. */
export function createEventFile({ cwd, logger }: App, file: string | undefined, run: string): EventFile {
  const warn = (error: unknown): void =>
    logger.warn(`events can't be written to ${file ?? ''}: ${messageOf(error)}`);
  const stream = file === undefined ? undefined : opened(resolve(cwd, file), warn);
  if (stream === undefined) return { begun() {}, onEvent() {}, ended: () => Promise.resolve() };
  stream.on('error', warn);
  const put = (happening: Happening): void => {
    const line = { v: 1, time: new Date().toISOString(), run, ...happening } as EventLine;
    if (stream.writable) stream.write(`${JSON.stringify(line)}\n`);
  };
  return {
    begun: (points) => put({ type: 'run-begun', points }),
    onEvent: (event) => put(happeningOf(event)),
    async ended({ state, reason }) {
      put({ type: 'run-ended', state, ...(reason !== undefined && { reason }) });
      const closed = new Promise<boolean>((resolve) => {
        stream.on('close', () => resolve(true));
        if (stream.closed) resolve(true);
        else stream.end();
      });
      if ((await within(LAST_MS, closed)) === undefined) warn('nobody reads the last of them');
    },
  };
}

function happeningOf(event: SweepEvent): Happening {
  switch (event.type) {
    case 'point-started':
      return { type: 'point-begun', name: event.planned.name, index: event.index, of: event.of };
    case 'phase':
    case 'warning':
    case 'node-left-out':
      return event;
    case 'scheduled':
      return { ...event, queues: [...event.queues] };
    case 'session-begun':
    case 'session-ended':
      return { ...event, points: [...event.points] };
    case 'points-left-out':
      return { type: event.type, names: [...event.names], reason: event.reason };
    case 'load': {
      const { etaS } = event.progress;
      const facts = loadFacts(event.progress);
      return { type: 'load', name: event.name, ...facts, ...(etaS !== undefined && { etaS }) };
    }
    case 'point-ended': {
      const { result, index, of } = event;
      const { name, state } = result;
      const code = reasonOf(result)?.code;
      const more =
        result.state === 'completed' ? { invalid: !isValid(result) } : code === undefined ? {} : { code };
      return { type: 'point-ended', name, index, of, state, ...more };
    }
  }
}

/** Without waiting for a pipe's reader: what waits for that in a thread of Node's could not be ended, and neither could the process. */
function opened(path: string, warn: (error: unknown) => void): WriteStream | undefined {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  try {
    return createWriteStream(path, { fd: openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o666) });
  } catch (error) {
    warn(error);
    return undefined;
  }
}
