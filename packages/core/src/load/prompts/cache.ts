import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf } from '../../errors.js';
import { homeFolder } from '../../home-folder.js';
import { makeFolder } from '../../make-folder.js';
import { sizeOfStore } from './prompt-store.js';
import type { PromptStore } from './prompt.js';

/** Keeps prompts on disk, for runs that need the same ones again. */
export interface PromptCache {
  /** The prompts saved under a key; undefined if there are none or the file is unusable. */
  load(key: string): Promise<PromptStore | undefined>;
  /** Saves prompts. A run doesn't depend on this: if it fails, nothing is saved. */
  save(key: string, store: PromptStore): Promise<void>;
}

export interface PromptCacheOptions {
  readonly mostBytes?: number;
  readonly onProblem?: (message: string) => void;
}

/**
 * Changes with the layout of files, and with what is made from the same options.
 *
 * A file, in the byte order of the machine, which is part of its key:
 *
 * | bytes       | what                                           |
 * | ----------- | ---------------------------------------------- |
 * | 32          | SHA-256 of all that follows                    |
 * | 32          | key                                            |
 * | 8           | n, the number of prompts, float64              |
 * | 8 × (n + 1) | offsets of the prompts, float64                |
 * | 4 × n       | promptTokens, int32                            |
 * | 4 × n       | requestedPromptTokens, int32                   |
 * | 4 × n       | requestedOutputTokens, int32                   |
 * | the rest    | the prompts as JSON, UTF-8, one after the other |
 */
const FORMAT = 'sweepline.prompts/2';
const HASH_BYTES = 32;
const HEAD_BYTES = 2 * HASH_BYTES + 8;
/** 640 prompts of 8,192 tokens have some 25 MB. Node reads no file of more than 2 GiB. */
const MOST_BYTES = 2 ** 31;

/** `$SWEEPLINE_CACHE`, or the cache folder of the XDG Base Directory Specification. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['SWEEPLINE_CACHE'];
  if (own !== undefined && own !== '') return resolve(own);
  const xdg = env['XDG_CACHE_HOME'];
  const caches = xdg !== undefined && xdg !== '' ? xdg : join(homeFolder(env), '.cache');
  return resolve(caches, 'sweepline');
}

/**
 * A cache in a folder, which is created when something is saved. It keeps the most recently used files, up to `mostBytes`.
 * `onProblem` is called once with the reason if nothing can be saved.
 */
export function promptCacheIn(
  folder: string,
  { mostBytes = MOST_BYTES, onProblem = () => {} }: PromptCacheOptions = {},
): PromptCache {
  let isTold = false;
  const tell = (error: unknown): void => {
    if (isTold) return;
    isTold = true;
    onProblem(`prompts can't be kept in ${folder}, so each run makes them again: ${messageOf(error)}`);
  };
  const place = join(folder, 'prompts');
  const fileOf = (hash: Buffer): string => join(place, hash.toString('hex'));
  return {
    async load(key) {
      const hash = hashOf(key);
      const file = fileOf(hash);
      try {
        const store = decode(await readFile(file), hash);
        const now = new Date();
        await utimes(file, now, now).catch(() => {});
        return store;
      } catch {
        return undefined;
      }
    },
    async save(key, store) {
      const hash = hashOf(key);
      const file = fileOf(hash);
      // Other processes see the whole file or none.
      const unfinished = `${file}.${randomUUID()}`;
      try {
        await makeFolder(place);
        const parts = encode(store, hash);
        if (parts.reduce((sum, { byteLength }) => sum + byteLength, 0) > mostBytes) return;
        await writeFile(unfinished, parts);
        await rename(unfinished, file);
        await removeOldest(place, mostBytes);
      } catch (error) {
        tell(error);
        await rm(unfinished, { force: true }).catch(() => {});
      }
    },
  };
}

/** Removes the least recently used files until the rest have `mostBytes` at most. */
async function removeOldest(folder: string, mostBytes: number): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      // Another process may have removed it.
      const { size, mtimeMs } = await stat(file).catch(() => ({ size: 0, mtimeMs: 0 }));
      return { file, size, mtimeMs };
    }),
  );
  let bytes = 0;
  for (const { file, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    bytes += size;
    if (bytes > mostBytes) await rm(file, { force: true });
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, endianness(), key]))
    .digest();
}

/** The parts of a file. Prompts are not copied, as they may fill most of the memory. */
function encode(store: PromptStore, key: Buffer): Uint8Array[] {
  const columns = [
    new Float64Array([sizeOfStore(store)]),
    ...[store.offsets, store.promptTokens, store.requestedPromptTokens, store.requestedOutputTokens],
    new Uint8Array(store.bytes),
  ];
  const parts = columns.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const hash = createHash('sha256').update(key);
  for (const part of parts) hash.update(part);
  return [hash.digest(), key, ...parts];
}

function decode(file: Buffer, key: Buffer): PromptStore | undefined {
  const content = file.subarray(HASH_BYTES);
  const isWhole = createHash('sha256').update(content).digest().equals(file.subarray(0, HASH_BYTES));
  if (!isWhole || !content.subarray(0, HASH_BYTES).equals(key)) return undefined;
  let at = HEAD_BYTES;
  const take = (bytes: number): SharedArrayBuffer => {
    const taken = new SharedArrayBuffer(bytes);
    new Uint8Array(taken).set(file.subarray(at, at + bytes));
    at += bytes;
    return taken;
  };
  const count = endianness() === 'LE' ? file.readDoubleLE(HEAD_BYTES - 8) : file.readDoubleBE(HEAD_BYTES - 8);
  return {
    offsets: new Float64Array(take(8 * (count + 1))),
    promptTokens: new Int32Array(take(4 * count)),
    requestedPromptTokens: new Int32Array(take(4 * count)),
    requestedOutputTokens: new Int32Array(take(4 * count)),
    bytes: take(file.length - at),
  };
}
