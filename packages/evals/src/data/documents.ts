import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { SweeplineError, messageOf } from '@sweepline/core';
import type { Task } from '../task/schema.js';
import type { Doc } from '../task/template.js';
import { docsInLines } from './json-lines.js';
import { docsInParquet } from './parquet.js';

/** Bytes of a data set's file that are read at most: it is held in memory. */
const MOST_BYTES = 2 ** 28;

/** Splits of a data set by name, and what identifies their content. */
export interface Documents {
  readonly questions: readonly Doc[];
  readonly examples: readonly Doc[];
  /** SHA-256 of each file, by split. */
  readonly digests: Readonly<Record<string, string>>;
}

export interface DataOptions {
  /** The task's file: paths in it are relative to its folder. */
  readonly file: string;
  /** Files by split, in place of those of the task. */
  readonly data: Readonly<Record<string, string>>;
  readonly numFewshot: number;
}

/** The splits of a task that are needed, and the file of each. */
export interface SplitFiles {
  /** The split of the questions. */
  readonly questions: string;
  /** The split of the examples. */
  readonly examples: string;
  /** Absolute paths, by split. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Where the questions and the examples of a task are.
 * @throws {SweeplineError} WORKLOAD_INVALID when a split has no local file
 */
export function splitFilesOf(task: Task, options: DataOptions): SplitFiles {
  const { training_split: training, validation_split: validation, test_split: test } = task;
  const questions = test ?? validation;
  if (questions === null || questions === undefined)
    throw new SweeplineError('WORKLOAD_INVALID', 'the task has neither test_split nor validation_split', {
      where: { file: options.file },
    });
  // Without a split of its own lm-eval takes examples from these, in this order.
  const examples = task.fewshot_split ?? training ?? validation ?? questions;
  const splits = [questions, ...(options.numFewshot > 0 ? [examples] : [])];
  return {
    questions,
    examples,
    files: new Map(splits.map((split) => [split, fileOf(task, split, options)])),
  };
}

/**
 * Reads the questions and the examples of a task from local files: Parquet by its extension, else JSON lines.
 * @throws {SweeplineError} WORKLOAD_INVALID when a split has no local file, or when a file can't be read exactly
 */
export async function readDocuments(task: Task, options: DataOptions): Promise<Documents> {
  const { questions, examples, files } = splitFilesOf(task, options);
  const read = new Map(
    await Promise.all([...files].map(async ([split, file]) => [split, await readSplit(file)] as const)),
  );
  return {
    questions: read.get(questions)?.docs ?? [],
    examples: read.get(examples)?.docs ?? [],
    digests: Object.fromEntries([...read].map(([split, { digest }]) => [split, digest])),
  };
}

function fileOf(task: Task, split: string, { file, data }: DataOptions): string {
  const given = Object.hasOwn(data, split) ? data[split] : undefined;
  const ofTask = task.dataset_path === 'json' ? task.dataset_kwargs?.data_files[split] : undefined;
  const path = given ?? ofTask;
  if (path === undefined)
    throw new SweeplineError(
      'WORKLOAD_INVALID',
      `the split ${split} of ${task.dataset_path} has no local file`,
      {
        where: { file, key: 'dataset_path' },
        hint: `Data sets are not downloaded, as some need an account: export the split as JSON lines or Parquet, and name the file (--data ${split}=FILE, or data: { ${split}: FILE }).`,
      },
    );
  return given === undefined ? resolve(dirname(file), path) : resolve(path);
}

async function readSplit(path: string): Promise<{ readonly docs: readonly Doc[]; readonly digest: string }> {
  const bytes = await readWhole(path).catch((cause: unknown) => {
    if (cause instanceof SweeplineError) throw cause;
    throw new SweeplineError('WORKLOAD_INVALID', `can't read ${path}: ${messageOf(cause)}`, { cause });
  });
  const docs =
    extname(path).toLowerCase() === '.parquet' ? await docsInParquet(path) : docsInLines(bytes, path);
  if (docs.length === 0)
    throw new SweeplineError('WORKLOAD_INVALID', 'it has no documents', { where: { file: path } });
  return { docs, digest: createHash('sha256').update(bytes).digest('hex') };
}

async function readWhole(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error('it is not a file');
  if (found.size > MOST_BYTES)
    throw new SweeplineError('WORKLOAD_INVALID', `the file has ${found.size} bytes`, {
      where: { file: path },
      hint: `A split has at most ${MOST_BYTES} bytes: take the questions that you need from it.`,
    });
  return readFile(path);
}
