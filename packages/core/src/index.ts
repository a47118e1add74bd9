export { z } from 'zod';
export * from './bench/find-max-rate/reader.js';
export type { StoredSearch } from './bench/find-max-rate/search-schema.js';
export { loadConfigFile } from './config/load.js';
export * from './errors.js';
export * from './join-runs.js';
export type { JoinedRun } from './joined-run.js';
export * from './logger.js';
export { globPattern } from './matrix/glob.js';
export * from './matrix/job.js';
export type { ClientHealth, RequestRecord, RequestState, RunRecord } from './load/records/record.js';
export * from './load/client/codec.js';
export type { Prompt, PromptLengths, Turn } from './load/prompts/prompt.js';
export type { LoadSpec } from './load/spec/spec.js';
export { completedOf, e2elMs, inputTokens, tpotMs, ttftMs } from './metrics/request.js';
export type { Readings } from './metrics/energy/readings.js';
export type { StoredRun } from './results/read-run.js';
export * from './results/reader.js';
export { PARTS } from './results/run-folder.js';
export type { RecomputedResult, StoredRecords } from './results/recompute.js';
export type { ResultLine, ResultLines } from './results/result-lines.js';
export type { RunInfo } from './results/run-schema.js';
export type {
  CompletedResult,
  FailedResult,
  InterruptedResult,
  RejectedResult,
  Skip,
  SkippedResult,
  Mark,
  Provenance,
  Result,
  ResultFiles,
  Row,
} from './results/schema.js';
export { isThere } from './results/is-there.js';
export { NEEDED_ROW_KEYS, withheldReason } from './results/withheld.js';
export { fillFolder, toJson, writeAtomic, writing } from './results/write.js';
export { mean, median, percentile, std } from './metrics/statistics.js';
export { onOneLine, printable } from './printable.js';
export { githubTable } from './report/github-table.js';
export { inline as markdownText } from './report/markdown-text.js';
export { textTable } from './text-table.js';
export type { PartPoint, RunPart } from './run-part.js';
export { createMask, secretsIn, type Mask } from './secrets.js';
export * from './plugin/index.js';
