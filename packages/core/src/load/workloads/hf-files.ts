import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { SweeplineError, messageOf } from '../../errors.js';
import { repositoryFolder, type Environment } from '../../tokenizer/hugging-face-cache.js';

/** The wanted part of a data set, with Hugging Face's names for parts. */
export interface Part {
  readonly subset?: string;
  readonly split?: string;
}

const EXTENSIONS = ['.parquet', '.jsonl', '.json'];
/** Files of a repository that hold no data. */
const OTHERS = ['dataset_infos.json', 'dataset_dict.json', 'dataset_info.json', 'state.json', 'config.json'];
const SPLITS = ['train', 'test', 'validation', 'valid', 'val', 'dev'];

/**
 * The files of a data set, sorted by name: a single file, or those of a folder or of a repository in the Hugging Face cache.
 * @throws {SweeplineError} WORKLOAD_INVALID when there is none, or when a subset or split must be chosen.
 */
export async function dataFiles(
  where: string,
  part: Part,
  env: Environment,
): Promise<readonly [string, ...string[]]> {
  const folder = await folderOf(where, env);
  if (folder === undefined) return [where];
  const all = await filesIn(folder);
  const ofSubset =
    part.subset === undefined ? all : all.filter((file) => isOf(relative(folder, file), part.subset ?? ''));
  const ofSplit = ofSubset.filter(
    (file) => part.split === undefined || isOf(relative(folder, file), part.split),
  );
  const [first, ...others] = ofSplit;
  if (first === undefined) throw missing(folder, all, part);
  if (part.split === undefined) checkOneSplit(folder, ofSplit);
  checkOneFolder(folder, ofSplit);
  return [first, ...others];
}

/** Undefined for a file. */
async function folderOf(where: string, env: Environment): Promise<string | undefined> {
  const kind = await stat(where).catch(() => undefined);
  if (kind?.isFile()) return undefined;
  if (kind?.isDirectory()) return where;
  const found = await repositoryFolder('datasets', where, env);
  if (found.folder !== undefined) return found.folder;
  throw new SweeplineError(
    'WORKLOAD_INVALID',
    `there is no such file or folder, and no data set ${where} in the Hugging Face cache`,
    {
      where: { file: found.looked ?? where },
      hint: 'Give a file, a folder, or a data set that was downloaded with `hf download --repo-type dataset`',
    },
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names
      .filter((name) => EXTENSIONS.includes(extname(name)) && !OTHERS.includes(basename(name)))
      .filter((name) => !name.split(sep).some((segment) => segment.startsWith('.')))
      .sort()
      .map((name) => join(folder, name));
  } catch (cause) {
    throw new SweeplineError('WORKLOAD_INVALID', `can't read the folder: ${messageOf(cause)}`, {
      where: { file: folder },
      cause,
    });
  }
}

/** Whether a folder of the path has this name, or the file name starts with it: `train-00000-of-00002.parquet`. */
function isOf(path: string, name: string): boolean {
  const segments = path.split(sep);
  const file = basename(path, extname(path));
  return (
    segments.slice(0, -1).includes(name) ||
    file === name ||
    [`${name}-`, `${name}_`, `${name}.`].some((start) => file.startsWith(start))
  );
}

function splitsIn(folder: string, files: readonly string[]): readonly string[] {
  return SPLITS.filter((split) => files.some((file) => isOf(relative(folder, file), split)));
}

function checkOneSplit(folder: string, files: readonly string[]): void {
  const splits = splitsIn(folder, files);
  if (splits.length <= 1) return;
  throw new SweeplineError('WORKLOAD_INVALID', `the data set has the splits ${splits.join(', ')}`, {
    where: { file: folder },
    hint: `Choose one: --hf-split ${splits[0]}`,
  });
}

/** Files in several folders are subsets, which must not be mixed. */
function checkOneFolder(folder: string, files: readonly string[]): void {
  const folders = [...new Set(files.map((file) => relative(folder, join(file, '..'))))];
  if (folders.length <= 1) return;
  throw new SweeplineError('WORKLOAD_INVALID', `the data set has files in ${folders.join(', ')}`, {
    where: { file: folder },
    hint: `Choose a subset, such as --hf-subset ${folders[0]}`,
  });
}

function missing(folder: string, all: readonly string[], { subset, split }: Part): SweeplineError {
  const wanted = [
    subset === undefined ? '' : ` of subset ${subset}`,
    split === undefined ? '' : ` of split ${split}`,
  ].join('');
  const names = all.map((file) => relative(folder, file));
  const there =
    names.length === 0
      ? 'none at all'
      : `there are ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
  return new SweeplineError(
    'WORKLOAD_INVALID',
    `there is no .parquet, .jsonl or .json file${wanted} in the data set; ${there}`,
    {
      where: { file: folder },
      hint: 'Subsets and splits are recognised by the names of folders and files',
    },
  );
}
