export { pluginFiles, type NewFile } from './files.js';
export { KIND_NAMES, kindOf, KINDS, type Kind } from './kinds.js';
export { namesOf, type Names } from './names.js';
export { UsageError } from './usage-error.js';
