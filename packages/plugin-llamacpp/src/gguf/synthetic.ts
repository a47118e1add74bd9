import type { FileHandle } from 'node:fs/promises';
import { ALIGNMENT, encodeHeader, padding, type Metadata } from './format.js';
import { createRandom } from './random.js';
import {
  SYNTHETIC_SHAPES,
  TRAIN_CONTEXT,
  VOCABULARY_SIZE,
  type ModelShape,
  type SyntheticSize,
} from './sizes.js';
import { llamaTensors } from './tensors.js';
import { BOS_TOKEN, EOS_TOKEN, UNKNOWN_TOKEN, buildVocabulary } from './vocabulary.js';
import { tensorData } from './weights.js';

/** llama.cpp's `LLAMA_FTYPE_MOSTLY_Q4_0`. */
const FILE_TYPE_Q4_0 = 2;

/** One line per message, then the assistant's turn: enough for a chat endpoint to measure. */
const CHAT_TEMPLATE =
  "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}";

/**
 * Writes a llama model with random weights: it costs as much as a trained model of its shape, but its output is meaningless. Equal sizes
 * and seeds give equal bytes.
 */
export async function writeSyntheticModel(
  file: FileHandle,
  size: SyntheticSize,
  seed: number,
): Promise<void> {
  const shape = SYNTHETIC_SHAPES[size];
  const tensors = llamaTensors(shape);
  const random = createRandom(seed);
  await file.writeFile(encodeHeader(metadata(size, shape), tensors));
  for (const tensor of tensors) {
    const data = tensorData(tensor, random);
    await file.writeFile(data);
    await file.writeFile(padding(data.length));
  }
}

function metadata(size: SyntheticSize, shape: ModelShape): Metadata {
  const vocabulary = buildVocabulary(VOCABULARY_SIZE);
  return {
    'general.architecture': { string: 'llama' },
    'general.name': { string: `synthetic-${size}` },
    'general.file_type': { u32: FILE_TYPE_Q4_0 },
    'general.quantization_version': { u32: 2 },
    'general.alignment': { u32: ALIGNMENT },
    'llama.block_count': { u32: shape.layers },
    'llama.context_length': { u32: TRAIN_CONTEXT },
    'llama.embedding_length': { u32: shape.embedding },
    'llama.feed_forward_length': { u32: shape.feedForward },
    'llama.attention.head_count': { u32: shape.heads },
    'llama.attention.head_count_kv': { u32: shape.kvHeads },
    'llama.attention.layer_norm_rms_epsilon': { f32: 1e-5 },
    'llama.rope.dimension_count': { u32: shape.embedding / shape.heads },
    'llama.rope.freq_base': { f32: 10_000 },
    'llama.vocab_size': { u32: VOCABULARY_SIZE },
    'tokenizer.ggml.model': { string: 'llama' },
    'tokenizer.ggml.tokens': { strings: vocabulary.tokens },
    'tokenizer.ggml.scores': { f32s: vocabulary.scores },
    'tokenizer.ggml.token_type': { i32s: vocabulary.types },
    'tokenizer.ggml.unknown_token_id': { u32: UNKNOWN_TOKEN },
    'tokenizer.ggml.bos_token_id': { u32: BOS_TOKEN },
    'tokenizer.ggml.eos_token_id': { u32: EOS_TOKEN },
    'tokenizer.ggml.add_bos_token': { bool: true },
    'tokenizer.ggml.add_eos_token': { bool: false },
    'tokenizer.chat_template': { string: CHAT_TEMPLATE },
  };
}
