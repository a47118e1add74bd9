import type { RunRecord } from '../load/records/record.js';

/** Requests that did not complete, by error code (by state if they have none), most frequent first. */
export function errorsOf({ requests }: RunRecord): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { state, error } of requests) {
    if (state === 'completed') continue;
    const code = error?.code ?? state;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
