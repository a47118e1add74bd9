// @ts-check
/** A model without weights, in the form of Hugging Face's cache: a tokenizer of bytes and made-up words, and a config. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const MODEL = 'sweepline/mocked';
/** Bytes, the end of a text, and words; mockers answer with ids of some thousands. */
const TOKENS = 4096;
const END = '<|end|>';
const END_ID = 256;
const REVISION = '0'.repeat(40);

/** @param {string} hub Folder of the cache's models. */
export function makeModel(hub) {
  const folder = join(hub, `models--${MODEL.replace('/', '--')}`);
  const snapshot = join(folder, 'snapshots', REVISION);
  mkdirSync(snapshot, { recursive: true });
  mkdirSync(join(folder, 'refs'), { recursive: true });
  writeFileSync(join(folder, 'refs/main'), REVISION);
  for (const [name, content] of Object.entries(files())) {
    writeFileSync(join(snapshot, name), JSON.stringify(content));
  }
}

function files() {
  const ends = { bos_token_id: END_ID, eos_token_id: END_ID };
  return {
    'tokenizer.json': tokenizer(),
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast',
      eos_token: END,
      bos_token: END,
      model_max_length: 8192,
      chat_template: '{% for message in messages %}{{ message.content }}{% endfor %}',
    },
    'generation_config.json': ends,
    'config.json': {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      vocab_size: TOKENS,
      hidden_size: 64,
      intermediate_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 2,
      max_position_embeddings: 8192,
      torch_dtype: 'bfloat16',
      ...ends,
    },
  };
}

/** Byte-level BPE without merges: one token per byte of text, and each id is some text. */
function tokenizer() {
  return {
    version: '1.0',
    added_tokens: [
      {
        id: END_ID,
        content: END,
        special: true,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
      },
    ],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: vocabulary(), merges: [] },
  };
}

function vocabulary() {
  const words = Array.from({ length: TOKENS - END_ID - 1 }, (_, index) => `${byteName(32)}w${index}`);
  const names = [...Array.from({ length: 256 }, (_, byte) => byteName(byte)), END, ...words];
  return Object.fromEntries(names.map((name, id) => [name, id]));
}

/** GPT-2's characters for bytes: visible ones stand for themselves, others are numbered from 256. */
/** @param {number} byte */
function byteName(byte) {
  return String.fromCodePoint(isPlain(byte) ? byte : 256 + hiddenBefore(byte));
}

/** @param {number} byte */
function isPlain(byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
}

/** @param {number} byte */
function hiddenBefore(byte) {
  return Array.from({ length: byte }, (_, other) => other).filter((other) => !isPlain(other)).length;
}
