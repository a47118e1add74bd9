/**
 * Rows of results as the index has them, without a database, and with nothing of Node but names of paths and digests, which a bundler can
 * put something else in the place of: pages read what they are given by it.
 */
export { filesOf } from './bundle/point-files.js';
export { textIn, type FileTree, type TreeEntry } from './file-tree.js';
export { findImports, type FoundImport, type FoundImports } from './imports/find-imports.js';
export type { Imported, ImportFormat } from './imports/format.js';
export { FORMATS } from './imports/formats.js';
export { sweeplineResult } from './imports/sweepline-result.js';
export { resultRows } from './index/result-rows.js';
export type { Problem, SourceRow } from './index/rows.js';
export { runRows } from './index/run-rows.js';
export { fitting } from './index/fitting.js';
export { ColumnNames, keysOf, numberIn } from './index/number-columns.js';
export {
  IDENTITY_KEYS,
  RESULT_NUMBERS,
  TABLES,
  type Cell,
  type Column,
  type TableName,
} from './index/tables.js';
