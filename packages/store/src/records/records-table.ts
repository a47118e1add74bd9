/**
 * Columns of requests, with DuckDB's types, by the names of records.jsonl. Times are ms since the run's origin; `chunkUs` has arrivals of
 * chunks in µs, the first since the origin, each later one since the one before. What did not happen is missing.
 */
export const RECORD_COLUMNS = {
  index: 'BIGINT',
  state: 'VARCHAR',
  scheduledMs: 'DOUBLE',
  sentMs: 'DOUBLE',
  firstByteMs: 'DOUBLE',
  firstContentMs: 'DOUBLE',
  lastContentMs: 'DOUBLE',
  usageMs: 'DOUBLE',
  doneMs: 'DOUBLE',
  promptTokens: 'BIGINT',
  requestedPromptTokens: 'BIGINT',
  serverPromptTokens: 'DOUBLE',
  cachedTokens: 'DOUBLE',
  requestedOutputTokens: 'BIGINT',
  outputTokens: 'DOUBLE',
  textChunks: 'BIGINT',
  lateEvents: 'BIGINT',
  finishReason: 'VARCHAR',
  turn: 'BIGINT',
  retries: 'BIGINT',
  text: 'VARCHAR',
  error: 'STRUCT(code VARCHAR, message VARCHAR, retryAfterS DOUBLE)',
  chunkUs: 'BIGINT[]',
} as const;
