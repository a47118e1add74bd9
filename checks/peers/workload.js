// @ts-check
/** The prompts and their tokenizer, in the forms that each peer reads. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INPUT_LEN, OUTPUT_LEN } from './cells.js';

/** Like the harness's: id 7 is the word `w7`, and nothing merges. */
const VOCABULARY = 32_000;
const UNKNOWN = '<unk>';

/**
 * @typedef {object} Workload
 * @property {string} tokenizer A folder that transformers can read.
 * @property {(form: 'prompt' | 'text', count: number) => string} prompts A file of JSON lines with the prompts under that key.
 */

/** @param {string} folder @returns {Workload} */
export function writeWorkload(folder) {
  const tokenizer = join(folder, 'tokenizer');
  mkdirSync(tokenizer, { recursive: true });
  writeTokenizer(tokenizer);
  return {
    tokenizer,
    prompts(form, count) {
      const file = join(folder, `${form}-${count}.jsonl`);
      writeFileSync(file, Array.from({ length: count }, (_, i) => line(form, i)).join(''));
      return file;
    },
  };
}

/** @param {string} folder */
function writeTokenizer(folder) {
  const words = Array.from({ length: VOCABULARY }, (_, id) => [`w${id}`, id]);
  const model = {
    type: 'WordLevel',
    vocab: Object.fromEntries([...words, [UNKNOWN, VOCABULARY]]),
    unk_token: UNKNOWN,
  };
  const tokenizer = { version: '1.0', added_tokens: [], pre_tokenizer: { type: 'WhitespaceSplit' }, model };
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    unk_token: UNKNOWN,
    model_max_length: 131_072,
  };
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
}

/** Prompts without a common beginning. @param {'prompt' | 'text'} form @param {number} index */
function line(form, index) {
  const words = Array.from({ length: INPUT_LEN }, (_, i) => `w${(index * 7919 + i) % VOCABULARY}`);
  const lengths =
    form === 'prompt' ? { prompt_tokens_count: INPUT_LEN, output_tokens_count: OUTPUT_LEN } : {};
  return `${JSON.stringify({ [form]: words.join(' '), ...lengths })}\n`;
}
