// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts a model into a cache of Hugging Face's, without a file that its index names. @param {string} cache @param {string} model @returns {string} that file */
export function makeIncompleteModel(cache, model) {
  const missing = 'model-00002-of-00002.safetensors';
  const snapshot = join(cache, `models--${model}`, 'snapshots/r1');
  mkdirSync(snapshot, { recursive: true });
  writeFileSync(join(snapshot, 'config.json'), '{}');
  const index = { weight_map: { 'lm_head.weight': missing } };
  writeFileSync(join(snapshot, 'model.safetensors.index.json'), JSON.stringify(index));
  return missing;
}
