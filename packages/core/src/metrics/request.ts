import type { RequestRecord, RunRecord } from '../load/records/record.js';

/** Metrics count only completed requests, as benchmark_serving.py does; marks report how many failed. */
export function completedOf(run: RunRecord): readonly RequestRecord[] {
  return run.requests.filter((request) => request.state === 'completed');
}

/** Request sent to its first chunk with non-empty `choices`, ms. */
export function ttftMs(request: RequestRecord): number | undefined {
  return since(request, request.chunkMs[0]);
}

/** Request sent to its last chunk with non-empty `choices` (not the usage chunk), ms. */
export function e2elMs(request: RequestRecord): number | undefined {
  return since(request, request.chunkMs[request.chunkMs.length - 1]);
}

/** Request sent to its first chunk with text, ms. */
export function contentMs(request: RequestRecord): number | undefined {
  return since(request, request.firstContentMs);
}

/** (E2EL − TTFT) / (output tokens − 1), ms; undefined for a request with fewer than two output tokens. */
export function tpotMs(request: RequestRecord): number | undefined {
  const first = ttftMs(request);
  const last = e2elMs(request);
  if (first === undefined || last === undefined) return undefined;
  if (request.outputTokens === undefined || request.outputTokens <= 1) return undefined;
  return (last - first) / (request.outputTokens - 1);
}

/** Gaps between neighbouring chunks of each request, ms, one request after the other. */
export function gapsMs(requests: readonly RequestRecord[]): Float64Array {
  const gaps = new Float64Array(requests.reduce((n, { chunkMs }) => n + Math.max(0, chunkMs.length - 1), 0));
  let count = 0;
  for (const { chunkMs } of requests) {
    for (let i = 1; i < chunkMs.length; i++) gaps[count++] = (chunkMs[i] ?? 0) - (chunkMs[i - 1] ?? 0);
  }
  return gaps;
}

/** The client's count, or the server's if the client has none. */
export function inputTokens(request: RequestRecord): number | undefined {
  return request.promptTokens ?? request.serverPromptTokens;
}

/** A total over completed requests; unknown if one of them has no number, or if there are none. */
export function totalOf(
  run: RunRecord,
  of: (request: RequestRecord) => number | undefined,
): number | undefined {
  const completed = completedOf(run);
  const known = numbersOf(completed, of);
  if (completed.length === 0 || known.length < completed.length) return undefined;
  return known.reduce((total, value) => total + value, 0);
}

/** The known values over the given requests. */
export function numbersOf(
  requests: readonly RequestRecord[],
  of: (request: RequestRecord) => number | undefined,
): number[] {
  return requests.map(of).filter((value) => value !== undefined);
}

function since(request: RequestRecord, timeMs: number | undefined): number | undefined {
  return request.sentMs === undefined || timeMs === undefined ? undefined : timeMs - request.sentMs;
}
