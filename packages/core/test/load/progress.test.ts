import { describe, expect, it } from 'vitest';
import { encodeLoadEvent, parseLoadEvent, type LoadEvent } from '../../src/load/records/progress.js';

const EVENTS: readonly LoadEvent[] = [
  {
    type: 'progress',
    phase: 'measure',
    done: 1,
    total: 4,
    failed: 0,
    inFlight: 2,
    outputTokens: 20,
    tokensPerS: 10.5,
    etaS: 6,
  },
  { type: 'error', code: 'ENDPOINT_UNREACHABLE', message: 'line\nbreak', hint: 'look' },
  { type: 'end', complete: false },
];

describe('load events', () => {
  it.each(EVENTS)('$type is one line that comes back', (event) => {
    const line = encodeLoadEvent(event);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(parseLoadEvent(line)).toEqual(event);
  });

  it.each(['', 'a warning', '{"type":"other"}', '{"type":"progress"}', '{"type":"end"', 'null'])(
    'passes over %j',
    (line) => {
      expect(parseLoadEvent(line)).toBeUndefined();
    },
  );
});
