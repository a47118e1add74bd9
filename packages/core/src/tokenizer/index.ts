export { loadTokenizer } from './load-tokenizer.js';
export type { Tokenizer } from './tokenizer.js';
