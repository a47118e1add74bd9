import type { Plugin } from '@sweepline/core';

export * from './collect/index.js';
export { questionsOf, type Message, type PromptOptions, type Question } from './task/prompts.js';
export { readTask } from './task/read-task.js';
export { scorerOf, type Scored } from './task/scoring.js';
export type { Task } from './task/schema.js';
export { meanAndError, wilson, type Score } from './task/score.js';
export { readDocuments, type DataOptions, type Documents } from './data/documents.js';

/** The package adds functions, and no plugins yet. */
const plugins: readonly Plugin[] = [];
export default plugins;
