import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError, messageOf, toJson, writeAtomic, writing, z } from '@sweepline/core';
import { differences, type Asked, type Identity } from './prepare.js';

export const SAMPLES = 'samples.jsonl';
/** What the samples depend on. */
export const IDENTITY = 'settings.json';

const NEWLINE = 0x0a;

/** A question that was asked and scored: a line of samples.jsonl. */
export const sampleSchema = z.strictObject({
  /** Place of the question in its split, from 0. */
  index: z.int().min(0),
  /** SHA-256 of the document and of the messages, as JSON. */
  doc: z.string(),
  prompt: z.string(),
  target: z.string(),
  answer: z.string(),
  /** Which part of the response is the answer. */
  from: z.enum(['content', 'reasoning']),
  reasoning: z.string().optional(),
  /** The server's finish_reason. */
  finish: z.string().optional(),
  usage: z.strictObject({ input: z.int(), output: z.int() }).optional(),
  /** What each pipeline of filters found in the answer. */
  filtered: z.record(z.string(), z.string()),
  /** Scores by metric, of each pipeline of filters. */
  scores: z.record(z.string(), z.record(z.string(), z.union([z.literal(0), z.literal(1)]))),
  attempts: z.int().min(1),
  /** Milliseconds of the attempt that was answered. */
  ms: z.number().min(0),
});
export type Sample = z.output<typeof sampleSchema>;

const identitySchema = z.record(z.string(), z.unknown());

/** The samples of an eval on disk: each is a line that is added when the question is answered. */
export class SamplesFile implements AsyncDisposable {
  private adding: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    /** Those of an earlier run, by index. */
    readonly earlier: ReadonlyMap<number, Sample>,
  ) {}

  /**
   * Opens the samples in a folder, without the half-written line that a killed run may have left.
   * @throws {SweeplineError} USAGE when there are samples and `resume` is false, or when they belong to other settings or questions;
   * RESULT_READ_FAILED when they can't be read
   */
  static async open(
    folder: string,
    identity: Identity,
    questions: readonly Asked[],
    resume: boolean,
  ): Promise<SamplesFile> {
    const path = join(folder, SAMPLES);
    const found = await earlierIn(path);
    if (found !== undefined) {
      if (!resume) throw isThere(path);
      await checkIdentity(folder, identity);
    } else await writing(folder, () => writeAtomic(join(folder, IDENTITY), toJson(identity)));
    const earlier = new Map(found?.samples.map((sample) => [sample.index, sample]));
    checkQuestions(path, found?.samples ?? [], questions);
    return writing(path, async () => {
      if (found !== undefined) await truncate(path, found.bytes);
      return new SamplesFile(await open(path, 'a'), path, earlier);
    });
  }

  /** Adds a line. Lines are written one after the other. @throws {SweeplineError} RESULT_WRITE_FAILED */
  add(sample: Sample): Promise<void> {
    const added = this.adding.then(() =>
      writing(this.path, () => this.file.appendFile(`${JSON.stringify(sample)}\n`)),
    );
    this.adding = added.catch(() => {});
    return added;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.adding;
    await this.file.datasync().catch(() => {});
    await this.file.close();
  }
}

interface Found {
  readonly samples: readonly Sample[];
  /** Bytes of whole lines. */
  readonly bytes: number;
}

async function earlierIn(path: string): Promise<Found | undefined> {
  const content = await readFile(path).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw unreadable(path, messageOf(cause), undefined, cause);
  });
  if (content === undefined) return undefined;
  const bytes = content.lastIndexOf(NEWLINE) + 1;
  const lines = content.subarray(0, bytes).toString().split('\n').slice(0, -1);
  return { bytes, samples: lines.map((line, i) => readSample(line, path, i + 1)) };
}

function readSample(text: string, path: string, line: number): Sample {
  try {
    return sampleSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable(path, 'a line that is no sample', line, cause);
  }
}

async function checkIdentity(folder: string, identity: Identity): Promise<void> {
  const path = join(folder, IDENTITY);
  let before: Readonly<Record<string, unknown>>;
  try {
    before = identitySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw unreadable(path, messageOf(cause), undefined, cause);
  }
  const changed = differences(before, identity);
  if (changed.length === 0) return;
  throw new SweeplineError(
    'USAGE',
    `the answers in ${folder} belong to another eval: ${changed.join(', ')}`,
    {
      where: { file: path },
      hint: 'Use the settings of that eval, or another folder.',
    },
  );
}

/** The data and its order may have changed in a way that digests of files don't show: each line says what was asked. */
function checkQuestions(path: string, samples: readonly Sample[], questions: readonly Asked[]): void {
  const seen = new Set<number>();
  for (const [i, { index, doc, prompt }] of samples.entries()) {
    const question = questions[index];
    if (seen.has(index)) throw unreadable(path, `question ${index} has two answers`, i + 1);
    if (question?.docDigest !== doc || question.promptDigest !== prompt)
      throw unreadable(path, `question ${index} is not the one that was asked`, i + 1);
    seen.add(index);
  }
}

function isThere(path: string): SweeplineError {
  return new SweeplineError('USAGE', `${path} has answers of an earlier run`, {
    hint: 'Continue that run with --resume, or choose another folder.',
  });
}

function unreadable(file: string, problem: string, line?: number, cause?: unknown): SweeplineError {
  return new SweeplineError('RESULT_READ_FAILED', `can't continue the eval: ${problem}`, {
    where: { file, ...(line !== undefined && { line }) },
    hint: 'Start again in another folder.',
    cause,
  });
}
