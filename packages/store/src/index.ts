import type { Plugin } from '@sweepline/core';

export { updateIndex, type FolderProblem, type IndexOptions, type IndexReport } from './index/index-file.js';

/** The package adds commands, which package.json declares, and no plugins of other kinds. */
const plugins: readonly Plugin[] = [];
export default plugins;
