/** How rows of results are read, where there is neither a file system nor a database: in a browser. */
export { rowIdentity, skuOf } from './index/row-identity.js';
export { stallOf } from './imports/stall.js';
export type { Identity } from './index/tables.js';
export * from './json.js';
