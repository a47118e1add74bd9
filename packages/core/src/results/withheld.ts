import { THROUGHPUT_KEYS } from '../plugin/row-keys.js';
import type { CompletedResult, Result } from './schema.js';

/**
 * Keys that readers of rows need. If one is missing, InferenceX's summarize.py ends with a KeyError and without the summary of
 * all other rows; its dashboard plots a missing value as 0. Source: utils/summarize.py of February 2026 (az9713/InferenceX at
 * 7ee5be7) and of July 2026 (SemiAnalysisAI/InferenceX at 0d0327d1b^); packages/app/src/lib/benchmark-transform.ts of
 * InferenceX-app at 77ca49a.
 */
export const NEEDED_ROW_KEYS = [
  ...THROUGHPUT_KEYS,
  'mean_ttft',
  'median_ttft',
  'p99_ttft',
  'mean_tpot',
  'median_tpot',
  'median_intvty',
  'median_e2el',
] as const;

/**
 * Why a result's row is in no `agg_*.json`: its server is unknown, its load is not InferenceX's, it is invalid, or it lacks what
 * readers need. Undefined if it is exported.
 */
export function withheldReason({ marks, row, load, endpoint, job }: CompletedResult): string | undefined {
  if (job['eval-only'] === true) return 'its server was asked, and not loaded';
  if (endpoint !== undefined)
    return 'its server was already running: hardware, framework, precision and number of devices are unknown';
  const invalid = marks.filter(({ severity }) => severity === 'invalid').map(({ code }) => code);
  const missing = NEEDED_ROW_KEYS.filter((key) => typeof row[key] !== 'number');
  const reasons = [
    ...(load === undefined ? [] : [`its load is not InferenceX's: ${load.text}${rateOf(load)}`]),
    ...(invalid.length === 0 ? [] : [`it is invalid (${invalid.join(', ')})`]),
    ...(missing.length === 0
      ? []
      : [`it has no ${missing.join(', ')}, which readers of rows need${causeOf({ marks, row })}`]),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function rateOf({ rate }: NonNullable<CompletedResult['load']>): string {
  return rate === undefined ? '' : ` at ${rate}/s`;
}

function causeOf({ marks, row }: Pick<CompletedResult, 'marks' | 'row'>): string {
  if (marks.some(({ code }) => code === 'missing-usage')) return ': the server reported no usage';
  if (row['median_tpot'] === 0) return ': tokens arrived together, and a time of zero gives no rate';
  if (row['osl'] === 1) return ': an output of one token has no time per output token';
  return '';
}

/** Adds the reason to the result if its row is not exported. */
export function withReason(result: Result): Result {
  if (result.state !== 'completed') return result;
  const withheld = withheldReason(result);
  return withheld === undefined ? result : { ...result, withheld };
}
