import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import type { Block, BlockPrompt } from '../prompts/block.js';
import { blockPrompts } from '../prompts/block-prompts.js';
import { bustCache } from '../prompts/mark.js';
import { positiveInteger, type Flags } from '../spec/flags.js';
import { form, length, lengthOrNone, maxTotalTokens, positive, seed, vocabulary } from './fields.js';
import { parse, readLines } from './files.js';
import type { DataSetFacts, Workload } from './workload.js';

const BLOCK_TOKENS = 512;

const schema = z.strictObject({
  kind: z.literal('mooncake'),
  form,
  path: z.string().min(1).describe('File with the trace: JSON lines.'),
  blockTokens: positive
    .describe('Tokens per block, which a hash identifies; the last block of a request may have fewer.')
    .default(BLOCK_TOKENS),
  /** Longer requests would be refused by every server of the run. */
  maxTokens: positive
    .describe('Requests with more tokens, prompt and output together, are left out.')
    .optional(),
  seed,
  vocabulary,
  bustCache,
});

export type MooncakePrompts = z.output<typeof schema>;

const flags = {
  maxTotalTokens,
  blockTokens: {
    takes: '<n>',
    help: 'mooncake: tokens per hash',
    parse: positiveInteger,
    default: BLOCK_TOKENS,
  },
} satisfies Flags;

/** A request of a trace, in the format of kvcache-ai/Mooncake (FAST25-release/README.md); other fields are ignored. */
const rowSchema = z.object({
  /** ms since the start of the trace. */
  timestamp: z.number().nonnegative().optional(),
  input_length: length,
  output_length: lengthOrNone,
  /** Hash of each block including all blocks before it, renumbered; without hashes a prompt shares nothing. */
  hash_ids: z.array(z.number().int()).optional(),
  session_id: z.never('sessions, an extension of AIPerf, are not supported').optional(),
});

type Row = z.output<typeof rowSchema>;

/**
 * Requests of a Mooncake trace. Prompts are built from blocks, so they share the same beginnings as in the recording; their
 * content is random.
 */
export const mooncake: Workload<typeof schema, typeof flags> = {
  name: 'mooncake',
  schema,
  facts: traceFacts,
  bench: {
    flags,
    toSpec: (options) => ({
      kind: 'mooncake',
      form: options.form,
      path: options.path(),
      blockTokens: options.blockTokens,
      ...(options.maxTotalTokens !== undefined && { maxTokens: options.maxTotalTokens }),
      seed: options.seed,
      ...(options.bustCache !== undefined && { bustCache: options.bustCache }),
    }),
  },
  scenario: {
    fields: ['path', 'blockTokens', 'maxTokens', 'seed', 'bustCache'],
    needs: ['path'],
    files: ['path'],
    toSpec: (given, { isl, osl, form, seed, vocabulary }) => ({
      kind: 'mooncake',
      form,
      seed,
      ...(vocabulary !== undefined && { vocabulary }),
      maxTokens: isl + osl,
      ...(given as Pick<MooncakePrompts, 'path'>),
    }),
  },
  async make(prompts, context) {
    const { numPrompts, numWarmups } = context.spec;
    const rows = await readTrace(prompts, numPrompts);
    const keys = new Keys();
    const measured = rows.map((row) => promptOf(row, prompts.blockTokens, keys));
    const warmups = Array.from({ length: numWarmups }, (_, i) => warmupLike(rows[i % rows.length], keys));
    return blockPrompts({ measured, warmups }, prompts, context);
  },
};

/**
 * The first `count` requests that a spec takes from its trace, or all; without times if any request has no timestamp.
 * @throws {SweeplineError} WORKLOAD_INVALID
 */
export async function traceFacts(
  prompts: Pick<MooncakePrompts, 'path' | 'blockTokens' | 'maxTokens'>,
  count?: number,
): Promise<DataSetFacts> {
  const rows = await readTrace(prompts, count);
  const begin = rows[0]?.timestamp;
  const times = rows.flatMap(({ timestamp }) =>
    timestamp === undefined || begin === undefined ? [] : [timestamp - begin],
  );
  return { count: rows.length, ...(times.length === rows.length && { timesMs: times }) };
}

/** The first `count` requests that fit, or all. */
async function readTrace(
  { path, blockTokens, maxTokens = Infinity }: Pick<MooncakePrompts, 'path' | 'blockTokens' | 'maxTokens'>,
  count?: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  let lastMs = 0;
  for await (const { text, number } of readLines(path)) {
    const where = { file: path, line: number };
    const row = parse(text, rowSchema, where);
    checkBlocks(row, blockTokens, where);
    const { timestamp = lastMs } = row;
    if (timestamp < lastMs) throw invalid('timestamp goes backwards', where);
    lastMs = timestamp;
    if (row.input_length + row.output_length <= maxTokens) rows.push(row);
    if (rows.length === count) return rows;
  }
  if (rows.length >= (count ?? 1)) return rows;
  throw invalid(`the trace has ${rows.length} requests that fit, but ${count ?? 1} are asked for`, {
    file: path,
  });
}

function checkBlocks(row: Row, blockTokens: number, where: { file: string; line: number }): void {
  const blocks = row.hash_ids?.length ?? 0;
  if (row.hash_ids === undefined || blocks === Math.ceil(row.input_length / blockTokens)) return;
  throw invalid(
    `${blocks} hash_ids can't cover ${row.input_length} tokens in blocks of ${blockTokens}`,
    where,
    'Traces of other systems have blocks of other sizes: give the size of theirs',
  );
}

/** Numbers blocks in order of appearance. */
class Keys {
  private readonly known = new Map<number, number>();
  private next = 0;

  of(hash: number): number {
    const key = this.known.get(hash) ?? this.fresh();
    this.known.set(hash, key);
    return key;
  }

  /** A number for a block that nothing else shares. */
  fresh(): number {
    return this.next++;
  }
}

function promptOf(row: Row, blockTokens: number, keys: Keys): BlockPrompt {
  let left = row.input_length;
  const blocks = row.hash_ids?.map((hash): Block => {
    const tokens = Math.min(blockTokens, left);
    left -= tokens;
    return { key: keys.of(hash), tokens };
  });
  return {
    blocks: blocks ?? [{ key: keys.fresh(), tokens: row.input_length }],
    outputLen: Math.max(1, row.output_length),
  };
}

function warmupLike(row: Row | undefined, keys: Keys): BlockPrompt {
  return {
    blocks: [{ key: keys.fresh(), tokens: row?.input_length ?? 1 }],
    outputLen: Math.max(1, row?.output_length ?? 1),
  };
}

function invalid(
  message: string,
  where: { readonly file: string; readonly line?: number },
  hint?: string,
): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', message, { where, ...(hint !== undefined && { hint }) });
}
