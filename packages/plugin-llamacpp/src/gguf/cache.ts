import { randomUUID } from 'node:crypto';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SyntheticSize } from './sizes.js';
import { writeSyntheticModel } from './synthetic.js';

/** Must be increased when the bytes for a size and seed change, so that no older file is used. */
const GENERATOR_VERSION = 1;

/** `$XDG_CACHE_HOME/sweepline/models`, or `~/.cache/sweepline/models` without the variable. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sweepline', 'models');
}

/**
 * Path of the synthetic model, which is written first if the cache doesn't have it. It is written under a temporary name and renamed when
 * complete: a crash leaves no partial model under the final name, and concurrent writers each replace the file with equal bytes.
 */
export async function cachedSyntheticModel(
  cacheDir: string,
  size: SyntheticSize,
  seed: number,
): Promise<string> {
  const path = join(cacheDir, `synthetic-${size}-seed${seed}-v${GENERATOR_VERSION}.gguf`);
  if (await exists(path)) return path;
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await mkdir(cacheDir, { recursive: true });
    await writeWhole(partial, size, seed);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw notWritten(cacheDir, error);
  }
  return path;
}

/** On one line: when a server ends, a sweep shows its last line. */
function notWritten(cacheDir: string, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  const advice = code === 'ENOSPC' || code === 'EDQUOT' ? 'free some space there' : 'make it writable';
  return new Error(
    `can't write the model cache ${cacheDir}: ${message}; ${advice}, or let XDG_CACHE_HOME or --cache-dir name another folder`,
    { cause },
  );
}

async function writeWhole(path: string, size: SyntheticSize, seed: number): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeSyntheticModel(file, size, seed);
    // Without this a power failure could leave the renamed file without its data.
    await file.sync();
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
