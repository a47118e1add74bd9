import { describe, expect, it } from 'vitest';
import { peakInFlight, sendLag, windowOf } from '../../src/load/health/window.js';
import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import { encodeFooter, encodeHeader, encodeRequest } from '../../src/load/records/records.js';
import { timelineOf } from '../../src/load/health/timeline.js';
import { specFor } from './specs.js';

const spec = { ...specFor({ url: 'http://127.0.0.1:8000' }), temperature: 0.00012, numPrompts: 2 };

/** Arrival times in the form that records have. */
const arrivals = (...ms: number[]) => Float64Array.from(ms);

const completed: RequestRecord = {
  index: 0,
  state: 'completed',
  scheduledMs: 10,
  sentMs: 10.125,
  firstByteMs: 20.001,
  firstContentMs: 20.001,
  doneMs: 30.5,
  chunkMs: arrivals(20.001, 20.001, 25.337, 30.5),
  promptTokens: 40,
  serverPromptTokens: 41,
  requestedPromptTokens: 40,
  requestedOutputTokens: 4,
  outputTokens: 4,
  finishReason: 'length',
};
const failed: RequestRecord = {
  index: 1,
  state: 'failed',
  scheduledMs: 10,
  doneMs: 11,
  chunkMs: arrivals(),
  requestedOutputTokens: 4,
  error: { code: 'connect-failed', message: 'refused\n“here”' },
};
const run: RunRecord = {
  spec,
  originUnixMs: 1_700_000_000_000,
  prompts: { form: 'token-ids', vocabulary: { first: 0, end: 32_000 }, notes: ['a note'] },
  warmups: { completed: 2, failed: 1 },
  window: { startMs: 10.125, endMs: 30.5 },
  requests: [completed, failed],
  client: {
    name: 'sweepline-load/1',
    peakInFlight: 1,
    sendLagMs: { mean: 0.125, max: 0.125 },
    eventLoopLagMs: { mean: 0.1, p99: 1, max: 2 },
    cpuS: 0.5,
  },
  complete: true,
};

function linesOf({ requests, ...rest }: RunRecord): string[] {
  return [encodeHeader(rest), ...requests.map(encodeRequest), encodeFooter(rest)];
}

/** The same lines as another program would write them: chunks first. */
function reordered(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines
    .map((line) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).reverse())))
    .join('\n');
}

describe('records', () => {
  it('come back as they were', () => {
    expect(decodeRunRecord(linesOf(run).join(''))).toStrictEqual(run);
    expect(decodeRunRecord(Buffer.from(linesOf(run).join('')))).toStrictEqual(run);
  });

  it('come back in order of index, however requests ended', () => {
    expect(decodeRunRecord(linesOf({ ...run, requests: [failed, completed] }).join('')).requests).toEqual(
      run.requests,
    );
  });

  it('round times to 0.001 ms, without errors that add up over chunks', () => {
    const chunkMs = Array.from({ length: 5000 }, (_, i) => 20 + i / 3);
    const [, line = ''] = linesOf({ ...run, requests: [{ ...completed, sentMs: 10.12549, chunkMs }] });
    const [record] = decodeRunRecord(encodeHeader(run) + line).requests;
    expect(record?.sentMs).toBe(10.125);
    expect(Array.from(record?.chunkMs ?? [])).toEqual(chunkMs.map((ms) => Math.round(ms * 1000) / 1000));
  });

  it("keep the server's small shares", () => {
    const server = {
      ...{ path: '/metrics', intervalS: 1, scrapes: { sent: 1, failed: 0 }, names: {}, timesMs: [1] },
      columns: { kvCacheUse: [0.000_345_678_9] },
    };
    const { columns } = decodeRunRecord(linesOf({ ...run, server }).join('')).server ?? {};
    expect(columns).toEqual({ kvCacheUse: [0.000_345_679] });
  });

  it('keep a chunk in a few bytes', () => {
    const chunkMs = Array.from({ length: 1000 }, (_, i) => 123_456.789 + i * 21.5);
    expect(encodeRequest({ ...completed, chunkMs }).length).toBeLessThan(7 * 1000);
  });

  it('of a killed client are not complete and have their window from what is there', () => {
    const [header = '', first = '', second = ''] = linesOf(run);
    const cut = decodeRunRecord(header + first + second.slice(0, second.length / 2));
    expect(cut).toStrictEqual({
      ...run,
      requests: [completed],
      client: { name: 'sweepline-load/1', peakInFlight: 1, sendLagMs: { mean: 0.125, max: 0.125 } },
      complete: false,
    });
  });

  it('survive a cut at any byte after the header', () => {
    const lines = linesOf(run);
    const text = lines.join('');
    for (let end = lines[0]?.length ?? 0; end < text.length - 1; end++) {
      expect(decodeRunRecord(text.slice(0, end)).complete).toBe(false);
    }
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['blanks, as Python writes them', (text: string) => text.replace(/(".*?"):|,(?=["\d])/g, '$& ')],
    ['keys in another order', (text: string) => reordered(text)],
    ['empty lines', (text: string) => text.replaceAll('\n', '\n\n')],
  ])('are read with %s', (_, change) => {
    const text = linesOf(run).join('');
    expect(change(text)).not.toBe(text);
    expect(decodeRunRecord(change(text))).toStrictEqual(run);
    expect(decodeRunRecord(Buffer.from(change(text)))).toStrictEqual(run);
  });

  it('are not complete when some are missing, whatever the footer says', () => {
    const [header, , second, footer] = linesOf(run);
    expect(decodeRunRecord([header, second, footer].join('')).complete).toBe(false);
  });

  it.each([
    ['negative', { outputTokens: -5000 }, 'completion_tokens is -5000'],
    ['a fraction', { outputTokens: 7.25 }, 'completion_tokens is 7.25'],
    ['too large for JSON', { outputTokens: Infinity }, 'completion_tokens is Infinity'],
    ['beyond all chunks', { outputTokens: 50_000 }, '50000, with 4 asked'],
    ['negative for the prompt', { serverPromptTokens: -1 }, 'prompt_tokens is -1'],
  ])('of clients that took any count are read, and one that is %s fails its request', (_, change, why) => {
    const { requests } = decodeRunRecord(
      linesOf({ ...run, requests: [{ ...completed, ...change }, failed] }).join(''),
    );
    expect(requests[0]).toMatchObject({
      state: 'failed',
      error: { code: 'impossible-usage', message: expect.stringContaining(why) as string },
    });
    expect(requests[0]).not.toHaveProperty('outputTokens');
  });

  it("keep numbers of the server's that have no decimals left", () => {
    const server = {
      ...{ path: '/metrics', intervalS: 1, scrapes: { sent: 1, failed: 0 }, names: {}, timesMs: [1] },
      columns: { promptTokens: [1e308] },
    };
    expect(decodeRunRecord(linesOf({ ...run, server }).join('')).server).toEqual(server);
  });

  it.each([
    ['the same request twice', [completed, { ...completed, index: 0 }], 'lines 2 and 3 are both request 0'],
    [
      'a place that its run has not',
      [completed, { ...failed, index: 10 }],
      'line 3 has request 10, but the run has',
    ],
    ['negative places', [completed, { ...failed, index: -1 }], 'line 3 is not'],
    ["negative counts of the client's own", [{ ...completed, promptTokens: -4 }], 'line 2 is not'],
    ['a negative length', [{ ...completed, requestedOutputTokens: -4 }], 'line 2 is not'],
  ])('refuse %s', (_, requests, message) => {
    expect(() => decodeRunRecord(linesOf({ ...run, requests }).join(''))).toThrow(
      expect.objectContaining({
        code: 'RESULT_READ_FAILED',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it.each([
    ['nothing', '', 1],
    ['another file', '{"schema":"other"}\n', 1],
    ['a broken line in the middle', encodeHeader(run) + '{"index":\n' + encodeFooter(run), 2],
    ['a line of something else', encodeHeader(run) + '{"index":0}\n', 2],
  ])('refuse %s', (_, text, line) => {
    expect(() => decodeRunRecord(text)).toThrow(
      expect.objectContaining({ code: 'RESULT_READ_FAILED', where: { line } }) as Error,
    );
  });
});

describe('what is derived from records', () => {
  const between = (sentMs: number | undefined, doneMs: number | undefined) => ({
    ...completed,
    sentMs,
    doneMs,
  });

  it('counts a request that ends when another is sent as gone', () => {
    expect(peakInFlight(timelineOf([between(0, 10), between(10, 20), between(5, 15)]))).toBe(2);
    expect(peakInFlight(timelineOf([between(0, 10), between(9.9, 20), between(5, 15)]))).toBe(3);
    expect(peakInFlight(timelineOf([between(undefined, 10), between(0, undefined), between(100, 110)]))).toBe(
      2,
    );
    expect(peakInFlight(timelineOf([]))).toBe(0);
  });

  it('takes the window from first sent to last done', () => {
    expect(windowOf(timelineOf([between(7, 9), between(3, 5), between(undefined, 50)]))).toEqual({
      startMs: 3,
      endMs: 9,
    });
    expect(windowOf(timelineOf([failed]))).toEqual({ startMs: 0, endMs: 0 });
  });

  it('takes the lag from the requests that were sent', () => {
    expect(sendLag(timelineOf([between(11, 20), between(13, 20), failed]))).toEqual({ mean: 2, max: 3 });
    expect(sendLag(timelineOf([failed]))).toEqual({ mean: 0, max: 0 });
  });
});
