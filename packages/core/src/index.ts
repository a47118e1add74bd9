export { z } from 'zod';
export * from './errors.js';
export * from './logger.js';
export * from './matrix/job.js';
export type { ClientHealth, RequestRecord, RequestState, RunRecord } from './load/records/record.js';
export * from './load/client/codec.js';
export type { Prompt, PromptLengths, Turn } from './load/prompts/prompt.js';
export type { LoadSpec } from './load/spec/spec.js';
export { completedOf, e2elMs, inputTokens, tpotMs, ttftMs } from './metrics/request.js';
export { latestRun, readRun, type StoredRun } from './results/read-run.js';
export {
  readResultLines,
  rebuildResultLines,
  type ResultLine,
  type ResultLines,
} from './results/result-lines.js';
export { RUN_SCHEMA, type RunInfo } from './results/run-schema.js';
export {
  RESULT_SCHEMA,
  type CompletedResult,
  type FailedResult,
  type InterruptedResult,
  type Mark,
  type Provenance,
  type Result,
  type ResultFiles,
  type Row,
} from './results/schema.js';
export { mean, median, percentile, std } from './metrics/statistics.js';
export * from './plugin/index.js';
