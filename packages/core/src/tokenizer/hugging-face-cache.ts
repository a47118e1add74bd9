import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { homeFolder } from '../home-folder.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `org/name`, or `name`. */
const REPOSITORY = /^[\w.-]+(?:\/[\w.-]+)?$/;

/**
 * Location of a repository's files in the Hugging Face cache, and the folder that was searched; `looked` is absent for a text that can't be
 * the name of a repository.
 */
export async function repositoryFolder(
  kind: 'models' | 'datasets',
  name: string,
  env: Environment,
): Promise<{ readonly folder?: string; readonly looked?: string }> {
  if (!REPOSITORY.test(name)) return {};
  const looked = join(cacheFolder(env), `${kind}--${name.replace('/', '--')}`);
  const revision = await revisionIn(looked);
  return revision === undefined ? { looked } : { looked, folder: join(looked, 'snapshots', revision) };
}

/** The cache's folder, as huggingface_hub finds it: src/huggingface_hub/constants.py. */
export function cacheFolder(env: Environment): string {
  const set = env['HF_HUB_CACHE'] ?? env['HUGGINGFACE_HUB_CACHE'];
  if (set !== undefined) return resolve(set);
  const home = env['XDG_CACHE_HOME'] ?? join(homeFolder(env), '.cache');
  return resolve(env['HF_HOME'] ?? join(home, 'huggingface'), 'hub');
}

/** The commit of `main`; without a reference to it, the only commit in the cache. */
async function revisionIn(folder: string): Promise<string | undefined> {
  const main = await readFile(join(folder, 'refs', 'main'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (main !== undefined) return main.trim();
  const snapshots = await readdir(join(folder, 'snapshots')).catch(() => []);
  return snapshots.length === 1 ? snapshots[0] : undefined;
}
