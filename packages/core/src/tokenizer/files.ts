import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SweeplineError, messageOf } from '../errors.js';
import { homeFolder } from '../home-folder.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a tokenizer is made from. */
export interface TokenizerFiles {
  /** Absolute path of `tokenizer.json`. */
  readonly file: string;
  readonly tokenizer: string;
  /** `tokenizer_config.json`. */
  readonly config: string | undefined;
  /** `chat_template.jinja`. */
  readonly chatTemplate: string | undefined;
}

/** Of the folder of a tokenizer. */
const CONFIG = 'tokenizer_config.json';
const CHAT_TEMPLATE = 'chat_template.jinja';

/**
 * Reads the files of a tokenizer. Nothing is downloaded.
 * @throws {SweeplineError} TOKENIZER_INVALID when there is none.
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
 * Absolute paths of the files of a tokenizer, `tokenizer.json` first: together in a folder they are that tokenizer again.
 * @throws {SweeplineError} TOKENIZER_INVALID when there is none.
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
  if (!/^[\w.-]+(?:\/[\w.-]+)?$/.test(where)) throw missing('there is no such file or folder', where);
  const folder = join(cacheFolder(env), `models--${where.replace('/', '--')}`);
  const revision = await revisionIn(folder);
  if (revision !== undefined) return join(folder, 'snapshots', revision, 'tokenizer.json');
  throw missing(`there is no such folder, and no repository ${where} in the Hugging Face cache`, folder);
}

/** As huggingface_hub finds it: src/huggingface_hub/constants.py. */
function cacheFolder(env: Environment): string {
  const set = env['HF_HUB_CACHE'] ?? env['HUGGINGFACE_HUB_CACHE'];
  if (set !== undefined) return resolve(set);
  const home = env['XDG_CACHE_HOME'] ?? join(homeFolder(env), '.cache');
  return resolve(env['HF_HOME'] ?? join(home, 'huggingface'), 'hub');
}

/** The commit of `main`; without a reference to it, the only one there is. */
async function revisionIn(folder: string): Promise<string | undefined> {
  const main = await readIfThere(join(folder, 'refs', 'main'));
  if (main !== undefined) return main.trim();
  const snapshots = await readdir(join(folder, 'snapshots')).catch(() => []);
  return snapshots.length === 1 ? snapshots[0] : undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new SweeplineError('TOKENIZER_INVALID', `can't read it: ${messageOf(cause)}`, {
      where: { file },
      cause,
    });
  }
}

function missing(message: string, file: string): SweeplineError {
  return new SweeplineError('TOKENIZER_INVALID', message, {
    where: { file },
    hint: 'Give a folder with a tokenizer.json, that file, or a repository that `hf download` has put into the Hugging Face cache',
  });
}
