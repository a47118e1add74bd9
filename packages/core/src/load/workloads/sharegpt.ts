import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import { shuffle } from '../prompts/draw.js';
import { bustCache, markWords } from '../prompts/mark.js';
import { Mt19937 } from '../prompts/mt19937.js';
import { PromptStoreBuilder } from '../prompts/prompt-store.js';
import type { StoredSet } from '../prompts/prompt.js';
import { PythonRandom } from '../prompts/python-random.js';
import { textOf } from '../prompts/text.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { ConversationStore, type UserTurn } from './conversation-store.js';
import { positiveInteger, tokens, type Flags } from '../spec/flags.js';
import { length, maxTotalTokens, positive, seed } from './fields.js';
import { ArrayFile } from './files.js';
import { drawThinkMs, think, thinkMs } from './think.js';
import type { Workload, WorkloadContext } from './workload.js';

const [MIN_TOKENS, MAX_PROMPT_TOKENS, MAX_TOTAL_TOKENS] = [4, 1024, 2048];

const schema = z.strictObject({
  kind: z.literal('sharegpt'),
  /** A JSON array of `{"conversations": [{"from": …, "value": …}, …]}`. */
  path: z.string().min(1).describe('File with the conversations: a JSON array.'),
  outputLen: length
    .describe('Tokens of each output; by default those of the answers in the file.')
    .optional(),
  conversations: z
    .boolean()
    .describe('Whole conversations, turn by turn, instead of only the first message of each.')
    .default(false),
  think,
  /**
   * Filters. The defaults are those of `is_valid_sequence` in vllm/benchmarks/datasets.py. Left out are prompts and answers with
   * fewer than `minTokens`, prompts with more than `maxPromptTokens`, and both together with more than `maxTotalTokens`, all
   * without special tokens.
   */
  minTokens: positive.describe('Fewest tokens of a prompt and of an answer.').default(MIN_TOKENS),
  maxPromptTokens: positive.describe('Most tokens of a prompt.').default(MAX_PROMPT_TOKENS),
  maxTotalTokens: positive.describe('Most tokens of prompt and output together.').default(MAX_TOTAL_TOKENS),
  seed,
  bustCache,
});

export type ShareGptPrompts = z.output<typeof schema>;

const flags = {
  thinkMs,
  sharegptOutputLen: {
    takes: '<tokens>',
    help: 'sharegpt: output tokens instead of those of the answers',
    parse: tokens,
    only: true,
  },
  wholeConversations: {
    help: 'sharegpt: whole conversations, turn by turn, not only their first messages',
    only: true,
  },
  minTokens: {
    takes: '<n>',
    help: 'sharegpt: fewest tokens of a prompt and of an answer',
    parse: positiveInteger,
    default: MIN_TOKENS,
  },
  maxPromptTokens: {
    takes: '<n>',
    help: 'sharegpt: most tokens of a prompt',
    parse: positiveInteger,
    default: MAX_PROMPT_TOKENS,
  },
  maxTotalTokens,
} satisfies Flags;

const entrySchema = z.object({
  conversations: z.array(z.object({ from: z.string().optional(), value: z.string() })).optional(),
});

type Entry = z.output<typeof entrySchema>;

/**
 * The first questions of a ShareGPT file, with outputs as long as the recorded answers. The selection is that of vLLM's client
 * (`ShareGPTDataset` in vllm/benchmarks/datasets.py): entries of two messages or more, shuffled like Python does with the seed,
 * then the first that pass the filters. If there are too few, vLLM repeats some, which caches would answer; here that is an
 * error.
 */
export const sharegpt: Workload<typeof schema, typeof flags> = {
  name: 'sharegpt',
  schema,
  sharesNothing: true,
  isRepeated: true,
  isText: true,
  needsTokenizer: true,
  bench: {
    flags,
    toSpec: (options) => ({
      kind: 'sharegpt',
      path: options.path(),
      conversations: options.wholeConversations ?? false,
      think: options.thinkMs,
      minTokens: options.minTokens,
      maxPromptTokens: options.maxPromptTokens,
      maxTotalTokens: options.maxTotalTokens ?? MAX_TOTAL_TOKENS,
      ...(options.sharegptOutputLen !== undefined && { outputLen: options.sharegptOutputLen }),
      seed: options.seed,
      ...(options.bustCache !== undefined && { bustCache: options.bustCache }),
    }),
  },
  scenario: {
    fields: [
      ...['path', 'outputLen', 'conversations', 'think'],
      ...['minTokens', 'maxPromptTokens', 'maxTotalTokens', 'seed', 'bustCache'],
    ],
    needs: ['path'],
    files: ['path'],
    // The server has room for the lengths of its job.
    toSpec: (given, { isl, osl, seed }) => ({
      kind: 'sharegpt',
      seed,
      maxPromptTokens: isl,
      maxTotalTokens: isl + osl,
      ...(given as Pick<ShareGptPrompts, 'path'>),
    }),
    problem: ({ conversations }, { hasSchedule }) =>
      conversations === true && hasSchedule
        ? {
            field: 'conversations',
            message: 'expected none with a schedule: the number of their prompts is not known in advance',
          }
        : undefined,
  },
  async make(prompts, context) {
    if (context.tokenizer === undefined) throw withoutTokenizer();
    const { measured, warmups } = await sample(prompts, context.tokenizer, context);
    return {
      facts: { form: 'text', notes: [] },
      measured: prompts.conversations ? conversationsOf(measured) : singlesOf(measured),
      warmups: singlesOf(warmups),
    };
  },
};

interface Sample {
  readonly measured: readonly (readonly UserTurn[])[];
  readonly warmups: readonly (readonly UserTurn[])[];
}

/** Measured prompts come first, as vLLM has no others. */
async function sample(
  prompts: ShareGptPrompts,
  tokenizer: Tokenizer,
  { spec: { numPrompts, numWarmups }, signal }: WorkloadContext,
): Promise<Sample> {
  await using file = await ArrayFile.open(prompts.path);
  const places = await file.places(entrySchema, ({ conversations = [] }) => {
    signal.throwIfAborted();
    return conversations.length >= 2;
  });
  shuffle(places, new PythonRandom(prompts.seed));
  const reader = new Reader(prompts, tokenizer);
  const measured: UserTurn[][] = [];
  const warmups: UserTurn[][] = [];
  let [turns, left] = [0, numPrompts];
  for (const place of places) {
    signal.throwIfAborted();
    if (left === 0 && warmups.length === numWarmups) break;
    const conversation = reader.turns(await file.read(entrySchema, place), turns);
    turns += conversation.length;
    if (conversation.length === 0) continue;
    if (left === 0) warmups.push(conversation.slice(0, 1));
    else measured.push(conversation.slice(0, left));
    left = Math.max(0, left - conversation.length);
  }
  if (left === 0 && warmups.length === numWarmups) return { measured, warmups };
  throw tooFew(prompts, numPrompts - left + warmups.length, numPrompts + numWarmups);
}

function conversationsOf(conversations: readonly (readonly UserTurn[])[]): StoredSet {
  return conversations.reduce((store, turns) => store.add(turns), new ConversationStore()).build();
}

function singlesOf(conversations: readonly (readonly UserTurn[])[]): StoredSet {
  const store = new PromptStoreBuilder();
  for (const { text, tokens, outputLen } of conversations.flat()) {
    store.add(JSON.stringify(text), {
      promptTokens: tokens,
      requestedPromptTokens: tokens,
      requestedOutputTokens: outputLen,
    });
  }
  return { kind: 'stored', store: store.build() };
}

/** Extracts the used parts of an entry. */
class Reader {
  private readonly thinking: Mt19937;

  constructor(
    private readonly prompts: ShareGptPrompts,
    private readonly tokenizer: Tokenizer,
  ) {
    this.thinking = new Mt19937(prompts.seed);
  }

  /** Its turns up to the first one that the filters reject; none if that is the first. */
  turns({ conversations: messages = [] }: Entry, index: number): UserTurn[] {
    const turns: UserTurn[] = [];
    let saidTokens = 0;
    for (let i = 0; i + 1 < messages.length; i += 2) {
      const [user, answer] = [messages[i], messages[i + 1]];
      const isFirst = i === 0;
      // vLLM doesn't check who sent the first message.
      if (user === undefined || answer === undefined || (!isFirst && !isUser(user.from))) break;
      const tokens = this.count(user.value);
      const outputLen = this.prompts.outputLen ?? this.count(answer.value);
      if (!this.passes(tokens, outputLen, saidTokens)) break;
      turns.push(this.turn(user.value, tokens, outputLen, isFirst ? index : undefined));
      saidTokens += tokens + outputLen;
      if (!this.prompts.conversations) break;
    }
    return turns;
  }

  private turn(text: string, tokens: number, outputLen: number, index: number | undefined): UserTurn {
    const { bustCache: run, think: thinking } = this.prompts;
    const isMarked = run !== undefined && index !== undefined;
    const marked = isMarked ? `${textOf(markWords(run, index))}\n\n${text}` : text;
    return {
      text: marked,
      tokens: isMarked ? this.count(marked) : tokens,
      isCounted: true,
      outputLen,
      thinkMs: drawThinkMs(thinking, this.thinking),
    };
  }

  private passes(tokens: number, outputLen: number, saidTokens: number): boolean {
    const { minTokens, maxPromptTokens, maxTotalTokens } = this.prompts;
    const isShort = tokens < minTokens || (this.prompts.outputLen === undefined && outputLen < minTokens);
    return !isShort && tokens <= maxPromptTokens && saidTokens + tokens + outputLen <= maxTotalTokens;
  }

  private count(text: string): number {
    return this.tokenizer.encode(text).length;
  }
}

function isUser(from: string | undefined): boolean {
  return from === 'human' || from === 'user';
}

function withoutTokenizer(): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', 'ShareGPT filters count tokens, but there is no tokenizer', {
    where: { key: 'tokenizer' },
    hint: "Give --tokenizer: the model's folder, its tokenizer.json, or its name in the Hugging Face cache",
  });
}

function tooFew({ path }: ShareGptPrompts, there: number, asked: number): SweeplineError {
  return new SweeplineError(
    'WORKLOAD_INVALID',
    `${there} prompts of its conversations pass the filters, but ${asked} are asked for, including warm-ups`,
    { where: { file: path }, hint: 'Ask for fewer, or widen the filters' },
  );
}
