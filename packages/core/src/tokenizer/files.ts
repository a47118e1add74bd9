import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SweeplineError, messageOf } from '../errors.js';
import { repositoryFolder, type Environment } from './hugging-face-cache.js';

export type { Environment } from './hugging-face-cache.js';

/** The files of a tokenizer. */
export interface TokenizerFiles {
  /** Absolute path of `tokenizer.json`. */
  readonly file: string;
  readonly tokenizer: string;
  /** `tokenizer_config.json`. */
  readonly config: string | undefined;
  /** `chat_template.jinja`. */
  readonly chatTemplate: string | undefined;
}

/** Files in the folder of a tokenizer. */
const CONFIG = 'tokenizer_config.json';
const CHAT_TEMPLATE = 'chat_template.jinja';

/**
 * Reads the files of a tokenizer. Nothing is downloaded.
 * @throws {SweeplineError} TOKENIZER_INVALID if there is none.
 */
export async function readTokenizerFiles(where: string, env: Environment): Promise<TokenizerFiles> {
  const file = await find(where, env);
  const folder = dirname(file);
  const [tokenizer, config, chatTemplate] = await Promise.all([
    readIfThere(file),
    readIfThere(join(folder, CONFIG)),
    readIfThere(join(folder, CHAT_TEMPLATE)),
  ]);
  if (tokenizer === undefined) throw missing(`there is no ${basename(file)}`, folder);
  return { file, tokenizer, config, chatTemplate };
}

/**
 * Absolute paths of the files of a tokenizer, `tokenizer.json` first. Copied into one folder, they make the same tokenizer.
 * @throws {SweeplineError} TOKENIZER_INVALID if there is none.
 */
export async function tokenizerPaths(
  where: string,
  env: Environment,
): Promise<readonly [string, ...string[]]> {
  const { file, config, chatTemplate } = await readTokenizerFiles(where, env);
  const folder = dirname(file);
  return [
    file,
    ...(config === undefined ? [] : [join(folder, CONFIG)]),
    ...(chatTemplate === undefined ? [] : [join(folder, CHAT_TEMPLATE)]),
  ];
}

async function find(where: string, env: Environment): Promise<string> {
  const kind = await stat(where).catch(() => undefined);
  if (kind?.isDirectory()) return resolve(where, 'tokenizer.json');
  if (kind !== undefined) return resolve(where);
  const { folder, looked } = await reading(where, () => repositoryFolder('models', where, env));
  if (folder !== undefined) return join(folder, 'tokenizer.json');
  if (looked === undefined) throw missing('there is no such file or folder', where);
  throw missing(`there is no such folder, and no repository ${where} in the Hugging Face cache`, looked);
}

async function readIfThere(file: string): Promise<string | undefined> {
  return reading(file, () =>
    readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }),
  );
}

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new SweeplineError('TOKENIZER_INVALID', `can't read it: ${messageOf(cause)}`, {
      where: { file },
      cause,
    });
  }
}

function missing(message: string, file: string): SweeplineError {
  return new SweeplineError('TOKENIZER_INVALID', message, {
    where: { file },
    hint: 'Name a folder with a tokenizer.json, that file, or a repository that `hf download` has stored in the Hugging Face cache',
  });
}
