import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { homeFolder } from '../home-folder.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `org/name`, or `name`. */
const REPOSITORY = /^[\w.-]+(?:\/[\w.-]+)?$/;

/**
 * Where the files of a repository are in the Hugging Face cache, and where they were looked for; `looked` is absent for what can't be the
 * name of a repository.
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

/** As huggingface_hub finds it: src/huggingface_hub/constants.py. */
function cacheFolder(env: Environment): string {
  const set = env['HF_HUB_CACHE'] ?? env['HUGGINGFACE_HUB_CACHE'];
  if (set !== undefined) return resolve(set);
  const home = env['XDG_CACHE_HOME'] ?? join(homeFolder(env), '.cache');
  return resolve(env['HF_HOME'] ?? join(home, 'huggingface'), 'hub');
}

/** The commit of `main`; without a reference to it, the only one there is. */
async function revisionIn(folder: string): Promise<string | undefined> {
  const main = await readFile(join(folder, 'refs', 'main'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (main !== undefined) return main.trim();
  const snapshots = await readdir(join(folder, 'snapshots')).catch(() => []);
  return snapshots.length === 1 ? snapshots[0] : undefined;
}
