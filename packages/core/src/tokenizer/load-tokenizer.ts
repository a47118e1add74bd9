import { createHash } from 'node:crypto';
import { toSweeplineError } from '../errors.js';
import { ChatTemplate, tokenizerConfigSchema } from './chat-template.js';
import { readTokenizerFiles, type Environment, type TokenizerFiles } from './files.js';
import { HuggingFaceTokenizer } from './hugging-face-tokenizer.js';
import { parseJson, tokenizerJsonSchema } from './tokenizer-json.js';
import type { Tokenizer } from './tokenizer.js';

/**
 * Loads a tokenizer: from a folder with a `tokenizer.json`, from that file, or from a repository in the Hugging Face cache. Nothing is
 * downloaded.
 * @throws {SweeplineError} TOKENIZER_INVALID if there is none, or if its results would differ from those in Python.
 */
export async function loadTokenizer(where: string, env: Environment): Promise<Tokenizer> {
  const files = await readTokenizerFiles(where, env);
  try {
    return tokenizerOf(files);
  } catch (cause) {
    throw toSweeplineError(cause, 'TOKENIZER_INVALID', { where: { file: files.file } });
  }
}

function tokenizerOf(files: TokenizerFiles): Tokenizer {
  const { file } = files;
  const json = parseJson(files.tokenizer, tokenizerJsonSchema, file);
  const config = parseJson(files.config ?? '{}', tokenizerConfigSchema, 'tokenizer_config.json');
  const chat = new ChatTemplate(config, files.chatTemplate, file);
  return new HuggingFaceTokenizer(json, { file, digest: digestOf(files) }, chat);
}

function digestOf({ tokenizer, config, chatTemplate }: TokenizerFiles): string {
  const hash = createHash('sha256');
  for (const text of [tokenizer, config ?? '', chatTemplate ?? '']) hash.update(text).update('\0');
  return hash.digest('hex');
}
