import { realpath } from 'node:fs/promises';
import { basename, posix, resolve } from 'node:path';
import { tokenizerPaths, type Environment } from '../../tokenizer/files.js';
import { assertSelfContained, codecFile } from '../client/codecs/self-contained.js';
import { filesOf } from '../workloads/index.js';
import { assertReadable } from '../workloads/files.js';
import type { LoadSpec } from './spec.js';

/** A file that a load process reads, to be copied to a machine that doesn't have it. */
export interface CarriedFile {
  /** Absolute path on this machine, symbolic links resolved. */
  readonly source: string;
  /** Path in the folder on the other machine, with `/`. */
  readonly path: string;
}

export interface CarriedLoad {
  readonly files: readonly CarriedFile[];
  /** The spec for the other machine: everything it reads is in the folder. */
  readonly spec: LoadSpec;
}

/** Files that a part of a spec needs, and that part as it is on the other machine. */
interface Carried {
  readonly files: readonly CarriedFile[];
  readonly part: Partial<LoadSpec>;
}

/**
 * All files that a spec names: data set, tokenizer with its configuration and chat template, codec. `folder` is where they will
 * be on the other machine, which runs Linux. The `output` and the variable of the key don't change.
 * @throws {SweeplineError} WORKLOAD_INVALID, TOKENIZER_INVALID, PLUGIN_BROKEN for files that can't be read, PLUGIN_INVALID for a
 * codec that imports other files
 */
export async function carryFiles(spec: LoadSpec, folder: string, env: Environment): Promise<CarriedLoad> {
  const carried = [
    await carryPrompts(spec, folder),
    await carryTokenizer(spec, folder, env),
    await carryCodec(spec, folder),
  ];
  const files = carried.flatMap((one) => one.files);
  return {
    files: await Promise.all(files.map(async (file) => ({ ...file, source: await realpath(file.source) }))),
    spec: Object.assign({}, spec, ...carried.map(({ part }) => part)) as LoadSpec,
  };
}

async function carryPrompts({ prompts }: LoadSpec, folder: string): Promise<Carried> {
  const files = Object.entries(filesOf(prompts)).map(([key, file]) => ({
    ...{ key, source: resolve(file), path: posix.join('prompts', key, basename(file)) },
  }));
  for (const { source } of files) await assertReadable(source);
  const paths = files.map(({ key, path }) => [key, posix.join(folder, path)]);
  return {
    files: files.map(({ source, path }) => ({ source, path })),
    part: { prompts: { ...prompts, ...Object.fromEntries(paths) } as LoadSpec['prompts'] },
  };
}

async function carryTokenizer({ tokenizer }: LoadSpec, folder: string, env: Environment): Promise<Carried> {
  if (tokenizer === undefined) return { files: [], part: {} };
  const sources = await tokenizerPaths(tokenizer, env);
  const pathOf = (file: string): string => posix.join('tokenizer', basename(file));
  return {
    files: sources.map((source) => ({ source, path: pathOf(source) })),
    part: { tokenizer: posix.join(folder, pathOf(sources[0])) },
  };
}

async function carryCodec({ endpoint }: LoadSpec, folder: string): Promise<Carried> {
  if (endpoint.codec === undefined) return { files: [], part: {} };
  await assertSelfContained(endpoint.codec);
  const source = codecFile(endpoint.codec);
  if (source === undefined) return { files: [], part: {} };
  // `.mjs` makes it a module without its package.json, which isn't copied.
  const path = 'codec/codec.mjs';
  return {
    files: [{ source, path }],
    part: { endpoint: { ...endpoint, codec: addressOf(posix.join(folder, path)) } },
  };
}

/** The URL of a file on a Linux machine, whatever system this one runs. */
function addressOf(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`;
}
