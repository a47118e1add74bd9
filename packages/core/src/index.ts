export { z } from 'zod';
export * from './errors.js';
export * from './logger.js';
export { FIELD } from './config/fields.js';
export type { Worker } from './config/model.js';
export * from './matrix/job.js';
export type { ClientHealth, RequestRecord, RequestState, RunRecord } from './load/record.js';
export type { LoadSpec } from './load/spec.js';
export * from './plugin/index.js';
