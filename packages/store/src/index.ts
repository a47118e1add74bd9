import type { Plugin } from '@sweepline/core';
import type { IndexOptions, IndexReport } from './index/index-file.js';

export type { FolderProblem, IndexOptions, IndexReport } from './index/index-file.js';

/** The package adds commands, which package.json declares, and no plugins of other kinds. */
const plugins: readonly Plugin[] = [];
export default plugins;

/**
 * Brings an index up to date with its folders. It is built next to the file and takes its place when it is whole, so that whoever reads
 * sees the one or the other. The database is loaded at the first call, as plugins are imported whenever a command starts.
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function updateIndex(options: IndexOptions): Promise<IndexReport> {
  return (await import('./index/index-file.js')).updateIndex(options);
}
