import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SweeplineError } from '@sweepline/core';
import { readDocuments } from '../data/documents.js';
import { questionsOf, type Question } from '../task/prompts.js';
import { readTaskFiles } from '../task/read-task.js';
import type { Task } from '../task/schema.js';
import { TemplateError } from '../task/template.js';
import { requestSettings } from './request.js';
import type { Settings } from './settings.js';

/** A question that is ready to be asked, and digests that say whether it is the same as another. */
export interface Asked extends Question {
  /** SHA-256 of the document, as JSON. */
  readonly docDigest: string;
  /** SHA-256 of the messages, as JSON. */
  readonly promptDigest: string;
}

/** Everything that an answer and its score depend on, but for the server: two runs with the same can be joined. */
export interface Identity {
  readonly tool: { readonly name: string; readonly version: string };
  readonly task: string;
  /** SHA-256 of the task's files by path from its folder. */
  readonly taskFiles: Readonly<Record<string, string>>;
  /** SHA-256 of the data set's files by split. */
  readonly data: Readonly<Record<string, string>>;
  readonly model: string;
  readonly fewshot: number;
  readonly seed: number;
  /** Questions asked at most; null for all. */
  readonly limit: number | null;
  /** Of each request: all but its messages and model. */
  readonly request: Readonly<Record<string, unknown>>;
}

export interface Prepared {
  readonly task: Task;
  readonly identity: Identity;
  readonly questions: readonly Asked[];
  /** Questions of the data set. */
  readonly of: number;
}

export type ToPrepare = Pick<
  Settings,
  'tool' | 'task' | 'data' | 'model' | 'numFewshot' | 'limit' | 'seed' | 'generation'
>;

/**
 * Reads a task and its data, and builds the questions.
 * @throws {SweeplineError} CONFIG_… for the task's file, WORKLOAD_INVALID for its data
 */
export async function prepare(settings: ToPrepare): Promise<Prepared> {
  const { task: file, data, seed, limit, model, generation } = settings;
  const { task, files } = await readTaskFiles(file);
  const numFewshot = settings.numFewshot ?? task.num_fewshot ?? 0;
  const documents = await readDocuments(task, { file, data, numFewshot });
  const docs = documents.questions.slice(0, limit);
  const taskFiles = files.map(
    async (path) => [relative(dirname(file), path), sha256(await readFile(path))] as const,
  );
  const { system } = generation;
  const options = { numFewshot, seed, ...(system !== undefined && { system }) };
  return {
    task,
    identity: {
      tool: settings.tool,
      task: task.task,
      taskFiles: Object.fromEntries(await Promise.all(taskFiles)),
      data: documents.digests,
      ...{
        model,
        fewshot: numFewshot,
        seed,
        limit: limit ?? null,
        request: requestSettings(task, generation),
      },
    },
    questions: rendered(file, () =>
      [...questionsOf(task, docs, documents.examples, options)].map((question) => ({
        ...question,
        docDigest: sha256(JSON.stringify(docs[question.docId])),
        promptDigest: sha256(JSON.stringify(question.messages)),
      })),
    ),
    of: documents.questions.length,
  };
}

function rendered<T>(file: string, render: () => T): T {
  try {
    return render();
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown;
    throw new SweeplineError('WORKLOAD_INVALID', thrown.message, { where: { file }, cause: thrown });
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The names of what differs between two runs. */
export function differences(a: object, b: object): readonly string[] {
  const [left, right] = [a, b].map((one) => new Map<string, unknown>(Object.entries(one)));
  const names = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])]);
  return [...names].filter((name) => !isDeepStrictEqual(left?.get(name), right?.get(name)));
}
