import { posix } from 'node:path';
import { z } from 'zod';
import type { Executor } from '../../plugin/node.js';
import { printedOn } from './ask-node.js';

/** A model's revision as it lies in Hugging Face's cache: src/huggingface_hub/file_download.py has the layout. */
export interface Snapshot {
  readonly revision: string;
  /** Absent where the cache knows the revision and has no files of it. */
  readonly folder?: string;
  /** Revisions that have files. */
  readonly there: readonly string[];
  /** Its files by path within the folder, with their length in bytes; links are followed. */
  readonly files: ReadonlyMap<string, number>;
  /** Files that the model's index names, or that links name, and that aren't there. */
  readonly missing: readonly string[];
  /** Parts of downloads that haven't ended. */
  readonly unfinished: number;
}

const INDEX = 'model.safetensors.index.json';
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** A revision's files; undefined where the node doesn't let one look. */
export async function readSnapshot(
  executor: Executor,
  repository: string,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Snapshot | undefined> {
  const ask = async (...argv: readonly string[]): Promise<string | undefined> =>
    printedOn(executor, argv, signal);
  const snapshots = posix.join(repository, 'snapshots');
  const there = lines(await ask('ls', snapshots));
  const name = wanted ?? 'main';
  const revision =
    (await ask('cat', posix.join(repository, 'refs', name)))?.trim() ??
    (wanted || (there.length === 1 ? there[0] : name));
  if (revision === undefined) return undefined;
  const unfinished = lines(await ask('find', repository, '-name', '*.incomplete')).length;
  const none = { revision, there, files: new Map<string, number>(), missing: [], unfinished };
  if (!there.includes(revision)) return none;
  const folder = posix.join(snapshots, revision);
  // With -L what is still a link leads nowhere.
  const dangling = await ask('find', '-L', folder, '-type', 'l');
  const listed = await ask(
    'find',
    '-L',
    folder,
    '-type',
    'f',
    '-exec',
    'stat',
    '-L',
    '-c',
    '%s %n',
    '{}',
    '+',
  );
  if (dangling === undefined || listed === undefined) return undefined;
  const files = filesIn(listed, folder);
  const index = files.has(INDEX) ? await ask('cat', posix.join(folder, INDEX)) : undefined;
  const named = [...weightsIn(index), ...lines(dangling).map((path) => posix.relative(folder, path))];
  const missing = [...new Set(named)].filter((file) => !files.has(file)).sort();
  return { ...none, folder, files, missing: files.has(CONFIG) ? missing : [CONFIG, ...missing] };
}

/** What every model has: one without was never finished. */
const CONFIG = 'config.json';

function filesIn(listed: string, folder: string): ReadonlyMap<string, number> {
  return new Map(
    lines(listed).flatMap((line) => {
      const [, size, path] = /^(\d+) (.+)$/.exec(line) ?? [];
      return path === undefined ? [] : [[posix.relative(folder, path), Number(size)] as const];
    }),
  );
}

function weightsIn(index: string | undefined): readonly string[] {
  if (index === undefined) return [];
  try {
    return Object.values(indexSchema.parse(JSON.parse(index)).weight_map);
  } catch {
    return [`${INDEX} (not JSON with a weight_map)`];
  }
}

function lines(printed: string | undefined): readonly string[] {
  return (printed ?? '').split('\n').filter((line) => line !== '');
}
