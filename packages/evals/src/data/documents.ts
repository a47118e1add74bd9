import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SweeplineError, messageOf, z } from '@sweepline/core';
import type { Task } from '../task/schema.js';
import type { Doc } from '../task/template.js';

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

const docSchema = z.record(z.string(), z.unknown());
/** Strings, and numbers between them. */
const TOKENS = /"(?:[^"\\]|\\.)*"|(-?\d[\d.eE+-]*)/gu;

/**
 * Reads the questions and the examples of a task from local JSON lines.
 * @throws {SweeplineError} WORKLOAD_INVALID when a split has no local file, or when a file can't be read exactly
 */
export async function readDocuments(task: Task, options: DataOptions): Promise<Documents> {
  const { training_split: training, validation_split: validation, test_split: test } = task;
  const asked = test ?? validation;
  if (asked === null || asked === undefined)
    throw invalid('the task has neither test_split nor validation_split', options.file);
  // Without a split of its own lm-eval takes examples from these, in this order.
  const shots = task.fewshot_split ?? training ?? validation ?? asked;
  const splits = [...new Set([asked, ...(options.numFewshot > 0 ? [shots] : [])])];
  const read = new Map(
    await Promise.all(splits.map(async (split) => [split, await readSplit(task, split, options)] as const)),
  );
  return {
    questions: read.get(asked)?.docs ?? [],
    examples: read.get(shots)?.docs ?? [],
    digests: Object.fromEntries([...read].map(([split, { digest }]) => [split, digest])),
  };
}

async function readSplit(
  task: Task,
  split: string,
  { file, data }: DataOptions,
): Promise<{ readonly docs: readonly Doc[]; readonly digest: string }> {
  const ofTask = task.dataset_path === 'json' ? task.dataset_kwargs?.data_files[split] : undefined;
  const path = data[split] ?? (ofTask === undefined ? undefined : resolve(dirname(file), ofTask));
  if (path === undefined)
    throw new SweeplineError(
      'WORKLOAD_INVALID',
      `the split ${split} of ${task.dataset_path} has no local file`,
      {
        where: { file, key: 'dataset_path' },
        hint: `Data sets are not downloaded, as some need an account: export the split as JSON lines and pass --data ${split}=FILE.`,
      },
    );
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new SweeplineError('WORKLOAD_INVALID', `can't read ${path}: ${messageOf(cause)}`, { cause });
  });
  return { docs: docsIn(bytes, path), digest: createHash('sha256').update(bytes).digest('hex') };
}

function docsIn(bytes: Uint8Array, file: string): readonly Doc[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid('it is not UTF-8 text', file, undefined, cause);
  }
  const lines = text.split('\n');
  const docs = lines.flatMap((line, i) => (line.trim() === '' ? [] : [docOf(line, file, i + 1)]));
  if (docs.length === 0) throw invalid('it has no documents', file);
  return docs;
}

function docOf(text: string, file: string, line: number): Doc {
  let doc: Doc;
  try {
    doc = docSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw invalid('a line that is not a JSON object', file, line, cause);
  }
  for (const [, number] of text.matchAll(TOKENS))
    if (number !== undefined && String(Number(number)) !== number)
      throw invalid(
        `the number ${number} would be printed as ${Number(number)}: write it as text`,
        file,
        line,
      );
  return doc;
}

function invalid(message: string, file: string, line?: number, cause?: unknown): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', message, {
    where: { file, ...(line !== undefined && { line }) },
    cause,
  });
}
