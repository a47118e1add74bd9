import { e2elMs, inputTokens, ttftMs, type RequestRecord, type RunRecord } from '@sweepline/core';
import { numberColumn, textColumn, type ColumnData, type TableData } from '../site/table.js';
import type { REQUEST_COLUMNS } from '../site/site-data.js';

/**
 * Requests that were sent, in the order of their sending.
 * @param most rows
 * @returns how many there are besides
 */
export function requestTable(
  { requests, window }: RunRecord,
  most: number,
): { readonly table: TableData; readonly all: number } {
  const sent = requests
    .filter(({ sentMs }) => sentMs !== undefined)
    .toSorted((a, b) => (a.sentMs ?? 0) - (b.sentMs ?? 0));
  const shown = sent.slice(0, most);
  const of = (value: (request: RequestRecord) => number | undefined): ColumnData =>
    numberColumn(shown.map((request) => rounded(value(request))));
  const columns: Readonly<Record<(typeof REQUEST_COLUMNS)[number], ColumnData>> = {
    sent_ms: of(({ sentMs }) => (sentMs === undefined ? undefined : sentMs - window.startMs)),
    ttft_ms: of(ttftMs),
    e2el_ms: of(e2elMs),
    input_tokens: of(inputTokens),
    output_tokens: of(({ outputTokens }) => outputTokens),
    max_gap_ms: of(maxGapMs),
    error: textColumn(
      shown.map(({ error, state }) => error?.code ?? (state === 'completed' ? undefined : state)),
    ),
  };
  return { table: { rows: shown.length, columns }, all: sent.length };
}

/** To µs, which is what clocks give. */
export function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1000) / 1000;
}

/** The longest time between two chunks. */
function maxGapMs({ chunkMs }: RequestRecord): number | undefined {
  let longest: number | undefined;
  for (let i = 1; i < chunkMs.length; i += 1)
    longest = Math.max(longest ?? 0, (chunkMs[i] ?? 0) - (chunkMs[i - 1] ?? 0));
  return longest;
}
