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

/* Prompts from the columns of a data set: what `custom` and `hf` have in common. */

const PROMPT_COLUMN = 'prompt';
/** As vLLM's custom data sets name it. */
const OUTPUT_COLUMN = 'output_tokens';
/** Output tokens where a row says nothing: the default of vLLM's --custom-output-len (vllm/benchmarks/datasets). */
const OUTPUT_LEN = 256;
/** Rows that are taken where nobody says how many. */
const USUAL_ROWS = 1000;

export const columnFields = {
  promptColumn: z
    .string()
    .min(1)
    .describe('Column of the prompts: a text, or messages, of which the first that a user said is taken.')
    .default(PROMPT_COLUMN),
  outputColumn: z
    .string()
    .min(1)
    .describe(
      `Column of the outputs' lengths: numbers of tokens, or texts, whose tokens are counted. By default ${OUTPUT_COLUMN}, where there is one.`,
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
    help: `custom, hf: column of numbers of output tokens, or of texts as long as outputs are to be; default: ${OUTPUT_COLUMN} if there is one, else ${OUTPUT_LEN} tokens`,
    parse: String,
  },
} satisfies Flags;

interface Columns {
  readonly promptColumn: string;
  readonly outputColumn?: string | undefined;
  readonly outputLen?: number | undefined;
}

/** The columns that options of `bench` name. */
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

/** The columns that are looked at, the one that has to be there first. */
export function wantedOf({ promptColumn, outputColumn = OUTPUT_COLUMN }: Columns): readonly string[] {
  return [promptColumn, outputColumn];
}

/** A job's outputs are as long as it says, where its rows aren't to say it. */
export function jobOutput({ outputColumn }: GivenFields, { osl }: ScenarioPrompts): Partial<Columns> {
  return outputColumn === undefined ? { outputLen: osl } : {};
}

/**
 * How many prompts there are: the first `count`, or as many as are usual.
 * @throws {SweeplineError} WORKLOAD_INVALID for rows that are no prompts, or too few.
 */
export async function rowFacts(
  rows: AsyncIterable<Row>,
  columns: Columns,
  count?: number,
): Promise<DataSetFacts> {
  return { count: (await take(rows, columns, count)).length };
}

/** The first rows as prompts. Warm-ups are other texts, so that they fill no cache for them. */
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
  const note = `${assumed} of ${taken.length} prompts say no output length: theirs is ${OUTPUT_LEN} tokens`;
  return {
    facts: { form: 'text', notes: assumed === 0 ? [] : [note] },
    measured: { kind: 'stored', store: measured.build() },
    warmups: { kind: 'stored', store: warmups.build() },
  };
}

/** A row as far as it is known without a tokenizer. */
interface Taken {
  readonly text: string;
  /** A number of tokens, a text that has as many, or nothing. */
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
    `there are ${taken.length} prompts in the data set, and ${count ?? 1} are asked for`,
    {
      ...(file !== undefined && { where: { file } }),
      hint: 'Ask for fewer: prompts that are sent again are answered by caches',
    },
  );
}

function takenOf({ values, where }: Row, { promptColumn, outputColumn, outputLen }: Columns): Taken {
  const prompt = column(values, promptColumn, where);
  const text = userText(prompt);
  if (text === undefined || text === '') {
    throw invalid(
      `${promptColumn}: expected a text that is not empty, or messages with one of a user`,
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

/** As for fields of configs: a third of the letters may differ. */
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

/** A text; of texts the first; of messages the first that a user said. */
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
  // Parquet has numbers of 64 bits.
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
  throw invalid('the outputs are given as texts, and there is no tokenizer to count their tokens', where, {
    hint: 'Give a --tokenizer, a column of numbers, or one length for all',
  });
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

/** Common words, as many as the text has. */
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
