import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { markWords } from '../prompts/mark.js';
import { PromptStoreBuilder } from '../prompts/prompt-store.js';
import type { PromptLengths, Prompts } from '../prompts/prompt.js';
import { textOf, WORDS } from '../prompts/text.js';
import { MOST_TOKENS, type Flags, type FlagValues } from '../spec/flags.js';
import { length } from './fields.js';
import type { Row } from './rows.js';
import type { GivenFields, ScenarioPrompts } from './scenario-prompts.js';
import type { DataSetFacts, WorkloadContext } from './workload.js';

/* Prompts from the columns of a data set: shared by `custom` and `hf`. */

const PROMPT_COLUMN = 'prompt';
/** The column's name in vLLM's custom data sets. */
const OUTPUT_COLUMN = 'output_tokens';
/** Output tokens if a row gives none: the default of vLLM's --custom-output-len (vllm/benchmarks/datasets). */
const OUTPUT_LEN = 256;
/** Rows that are used if no number is given. */
const USUAL_ROWS = 1000;

export const columnFields = {
  promptColumn: z
    .string()
    .min(1)
    .describe('Column of the prompts: a text, or messages, of which the first user message is used.')
    .default(PROMPT_COLUMN),
  outputColumn: z
    .string()
    .min(1)
    .describe(
      `Column of the output lengths: numbers of tokens, or texts, whose tokens are counted. By default ${OUTPUT_COLUMN}, if there is one.`,
    )
    .optional(),
  outputLen: length.describe('Tokens of each output, whatever the rows say.').optional(),
};

export const columnFlags = {
  promptColumn: {
    takes: '<name>',
    help: 'custom, hf: column of the prompts',
    parse: String,
    default: PROMPT_COLUMN,
  },
  outputColumn: {
    takes: '<name>',
    help: `custom, hf: column of output lengths: numbers of tokens, or texts of that length; default: ${OUTPUT_COLUMN} if there is one, else ${OUTPUT_LEN} tokens`,
    parse: String,
  },
} satisfies Flags;

interface Columns {
  readonly promptColumn: string;
  readonly outputColumn?: string | undefined;
  readonly outputLen?: number | undefined;
}

/** The columns given by options of `bench`. */
export function columnsOf(
  { promptColumn, outputColumn }: FlagValues<typeof columnFlags>,
  outputLen: number | undefined,
): Columns {
  return {
    promptColumn,
    ...(outputColumn !== undefined && { outputColumn }),
    ...(outputLen !== undefined && { outputLen }),
  };
}

/** The columns to read; the first one is required. */
export function wantedOf({ promptColumn, outputColumn = OUTPUT_COLUMN }: Columns): readonly string[] {
  return [promptColumn, outputColumn];
}

/** Outputs have the length of the job, unless a column gives it. */
export function jobOutput({ outputColumn }: GivenFields, { osl }: ScenarioPrompts): Partial<Columns> {
  return outputColumn === undefined ? { outputLen: osl } : {};
}

/**
 * How many prompts there are: the first `count`, or the default number.
 * @throws {SweeplineError} WORKLOAD_INVALID for rows that are not prompts, or too few.
 */
export async function rowFacts(
  rows: AsyncIterable<Row>,
  columns: Columns,
  count?: number,
): Promise<DataSetFacts> {
  return { count: (await take(rows, columns, count)).length };
}

/** The first rows as prompts. Warm-ups are other texts, so they don't fill a cache for them. */
export async function rowPrompts(
  rows: AsyncIterable<Row>,
  columns: Columns & { readonly bustCache?: number | undefined },
  { spec: { numPrompts, numWarmups }, tokenizer }: WorkloadContext,
): Promise<Prompts> {
  const taken = await take(rows, columns, numPrompts);
  const measured = new PromptStoreBuilder();
  const warmups = new PromptStoreBuilder();
  let assumed = 0;
  for (const [index, { text, output, where }] of taken.entries()) {
    const outputLen = columns.outputLen ?? tokensIn(output, tokenizer, where);
    if (outputLen === undefined) assumed++;
    const lengths = { requestedOutputTokens: outputLen ?? OUTPUT_LEN };
    add(measured, marked(text, columns.bustCache, index), lengths, tokenizer);
    if (index < numWarmups) add(warmups, warmupLike(text, index), lengths, tokenizer);
  }
  for (let index = taken.length; index < numWarmups; index++) {
    const lengths = { requestedOutputTokens: columns.outputLen ?? OUTPUT_LEN };
    add(warmups, warmupLike(taken[index % taken.length]?.text ?? '', index), lengths, tokenizer);
  }
  const note = `${assumed} of ${taken.length} prompts have no output length: ${OUTPUT_LEN} tokens are used`;
  return {
    facts: { form: 'text', notes: assumed === 0 ? [] : [note] },
    measured: { kind: 'stored', store: measured.build() },
    warmups: { kind: 'stored', store: warmups.build() },
  };
}

/** The facts about a row that need no tokenizer. */
interface Taken {
  readonly text: string;
  /** A number of tokens, a text of the wanted length, or nothing. */
  readonly output: number | string | undefined;
  readonly where: Row['where'];
}

async function take(rows: AsyncIterable<Row>, columns: Columns, count?: number): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  let file: string | undefined;
  for await (const row of rows) {
    taken.push(takenOf(row, columns));
    file ??= row.where.file;
    if (taken.length === (count ?? USUAL_ROWS)) return taken;
  }
  if (taken.length >= (count ?? 1)) return taken;
  throw new SweeplineError(
    'WORKLOAD_INVALID',
    `the data set has ${taken.length} prompts, but ${count ?? 1} are asked for`,
    {
      ...(file !== undefined && { where: { file } }),
      hint: 'Ask for fewer: caches would answer prompts that are sent again',
    },
  );
}

function takenOf({ values, where }: Row, { promptColumn, outputColumn, outputLen }: Columns): Taken {
  const prompt = column(values, promptColumn, where);
  const text = userText(prompt);
  if (text === undefined || text === '') {
    throw invalid(
      `${promptColumn}: expected a text that is not empty, or messages with at least one of a user`,
      where,
    );
  }
  const given = outputColumn === undefined ? values[OUTPUT_COLUMN] : column(values, outputColumn, where);
  return {
    text,
    output: outputLen === undefined ? outputOf(given, outputColumn ?? OUTPUT_COLUMN, where) : undefined,
    where,
  };
}

function column(values: Row['values'], name: string, where: Row['where']): unknown {
  if (Object.hasOwn(values, name)) return values[name];
  const names = Object.keys(values);
  throw invalid(`there is no column ${name}${near(name, names)}; there are: ${names.join(', ')}`, where);
}

/** As for fields of configs: up to a third of the letters may differ. */
function near(name: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const found = closest(name.toLowerCase(), names);
  return distance(name.toLowerCase(), found.toLowerCase()) <= Math.max(2, Math.floor(found.length / 3))
    ? `; did you mean ${found}?`
    : '';
}

const messageSchema = z.object({
  role: z.string().optional(),
  from: z.string().optional(),
  content: z.string().optional(),
  value: z.string().optional(),
});

/** A text as it is; the first of several texts; the first user message of messages. */
function userText(prompt: unknown): string | undefined {
  if (typeof prompt === 'string') return prompt;
  if (!Array.isArray(prompt)) return undefined;
  const [first] = prompt as unknown[];
  if (typeof first === 'string') return first;
  for (const one of prompt as unknown[]) {
    const { role, from, content, value } = messageSchema.safeParse(one).data ?? {};
    if (['user', 'human'].includes(role ?? from ?? '')) return content ?? value;
  }
  return undefined;
}

function outputOf(given: unknown, name: string, where: Row['where']): number | string | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'string') return given;
  // Parquet has 64-bit integers.
  const value = typeof given === 'bigint' ? Number(given) : given;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_TOKENS)
    return value;
  throw invalid(`${name}: expected a whole number of tokens above 0, or a text`, where);
}

function tokensIn(
  output: number | string | undefined,
  tokenizer: Tokenizer | undefined,
  where: Row['where'],
): number | undefined {
  if (typeof output !== 'string') return output;
  if (tokenizer !== undefined) return Math.max(1, tokenizer.encode(output).length);
  throw invalid(
    'the output lengths are given as texts, but there is no tokenizer to count their tokens',
    where,
    {
      hint: 'Give a --tokenizer, a column of numbers, or one length for all',
    },
  );
}

function add(
  store: PromptStoreBuilder,
  text: string,
  output: Pick<PromptLengths, 'requestedOutputTokens'>,
  tokenizer: Tokenizer | undefined,
): void {
  const tokens = tokenizer?.encode(text).length;
  const input = tokens === undefined ? {} : { promptTokens: tokens, requestedPromptTokens: tokens };
  store.add(JSON.stringify(text), { ...input, ...output });
}

function marked(text: string, run: number | undefined, index: number): string {
  return run === undefined ? text : `${textOf(markWords(run, index))}\n\n${text}`;
}

/** As many common words as the text has words. */
function warmupLike(text: string, index: number): string {
  const words = Math.max(1, text.split(/\s+/).length);
  return textOf(Array.from({ length: words }, (_, i) => WORDS[(7 * i + index) % WORDS.length] ?? ''));
}

function invalid(
  message: string,
  where: Row['where'],
  details: { readonly hint?: string } = {},
): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', message, { where, ...details });
}
