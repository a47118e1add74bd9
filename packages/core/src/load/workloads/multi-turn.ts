import { z } from 'zod';
import { blockTexts, type BlockTexts } from '../prompts/block-texts.js';
import { drawLength } from '../prompts/draw.js';
import { bustCache } from '../prompts/mark.js';
import { Mt19937 } from '../prompts/mt19937.js';
import { ConversationStore, type UserTurn } from './conversation-store.js';
import { atMost, MOST_REQUESTS, positiveInteger, tokens, type Flags } from '../spec/flags.js';
import { length, positive, rangeRatio, seed } from './fields.js';
import { drawThinkMs, think, thinkMs } from './think.js';
import type { FieldProblem, GivenFields, ScenarioShape } from './scenario-prompts.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  kind: z.literal('multi-turn'),
  turns: z
    .strictObject({ min: positive.describe('Minimum.'), max: positive.describe('Maximum.') })
    .refine(({ min, max }) => min <= max, 'min must be no more than max')
    .describe('Turns of a conversation, drawn uniformly.'),
  firstLen: length.describe('Tokens of the first user message.'),
  nextLen: length.describe('Tokens of each later user message.'),
  outputLen: length,
  rangeRatio,
  think,
  seed,
  bustCache,
});

export type MultiTurnPrompts = z.output<typeof schema>;

const flags = {
  turns: {
    takes: '<n|min-max>',
    help: 'multi-turn: turns of a conversation',
    parse: parseTurns,
    default: { min: 3, max: 3 },
    defaultText: '3',
  },
  nextInputLen: {
    takes: '<tokens>',
    help: 'multi-turn: tokens of each user message after the first',
    parse: tokens,
    only: true,
  },
  numConversations: {
    takes: '<n>',
    help: 'multi-turn: conversations, instead of --num-prompts',
    parse: (text: string) => atMost(MOST_REQUESTS, positiveInteger(text)),
    only: true,
    conflicts: 'numPrompts',
  },
  thinkMs,
} satisfies Flags;

function parseTurns(text: string): MultiTurnPrompts['turns'] {
  const [min = '', max = min] = text.split('-');
  const range = { min: positiveInteger(min), max: positiveInteger(max) };
  if (range.min > range.max) throw new Error('expected a number such as 4, or a range such as 3-6');
  return range;
}

/**
 * Conversations of random texts. Each turn is sent with everything said before it, including the model's own answers. The number
 * of conversations follows from the spec's number of prompts; the last one may be cut short.
 */
export const multiTurn: Workload<typeof schema, typeof flags> = {
  name: 'multi-turn',
  schema,
  isText: true,
  promptsIn,
  bench: {
    flags,
    toSpec: (options) => ({
      kind: 'multi-turn',
      turns: options.turns,
      firstLen: options.inputLen,
      nextLen: options.nextInputLen ?? options.inputLen,
      think: options.thinkMs,
      outputLen: options.outputLen,
      rangeRatio: options.rangeRatio,
      seed: options.seed,
      ...(options.bustCache !== undefined && { bustCache: options.bustCache }),
    }),
    count: ({ numConversations }, prompts) =>
      numConversations === undefined ? undefined : promptsIn(prompts, numConversations),
  },
  scenario: {
    fields: ['turns', 'firstLen', 'nextLen', 'think', 'rangeRatio', 'seed', 'bustCache'],
    needs: ['turns', 'firstLen', 'nextLen'],
    toSpec: (given, { osl, rangeRatio, seed }) => ({
      kind: 'multi-turn',
      rangeRatio,
      seed,
      ...(given as Pick<MultiTurnPrompts, 'turns' | 'firstLen' | 'nextLen'>),
      outputLen: osl,
    }),
    problem: tooLong,
  },
  async make(prompts, context) {
    const { numPrompts, numWarmups } = context.spec;
    const texts = await blockTexts(Math.max(prompts.firstLen, prompts.nextLen), prompts, context);
    const draw = new Draw(prompts, texts);
    const measured = new ConversationStore();
    const turnCounts = turnCountsOf(prompts);
    while (measured.size < numPrompts) {
      const left = numPrompts - measured.size;
      measured.add(draw.conversation(Math.min(turnCounts(), left), measured.size));
    }
    const warmups = Array.from({ length: numWarmups }, (_, i) => ({
      blocks: [{ key: numPrompts + i, tokens: prompts.firstLen }],
      outputLen: prompts.outputLen,
    }));
    return {
      facts: { form: 'text', notes: texts.notes },
      measured: measured.build(),
      warmups: { kind: 'stored', store: texts.store(warmups, numPrompts) },
    };
  },
};

/** Finds conversations whose last prompt, with everything said before it, doesn't fit the server. */
function tooLong(given: GivenFields, { isl, osl }: ScenarioShape): FieldProblem | undefined {
  const { turns, firstLen, nextLen } = given as Pick<MultiTurnPrompts, 'turns' | 'firstLen' | 'nextLen'>;
  const longest = firstLen + (turns.max - 1) * (nextLen + osl);
  if (longest <= isl) return undefined;
  const message = `expected conversations within isl, which is ${isl}: the last prompt of ${turns.max} turns has ${longest} tokens, including everything said before it`;
  return { field: 'turns', message };
}

/** Number of prompts in the first `conversations` conversations. */
export function promptsIn(prompts: Pick<MultiTurnPrompts, 'turns' | 'seed'>, conversations: number): number {
  const turnCounts = turnCountsOf(prompts);
  return Array.from({ length: conversations }, turnCounts).reduce((sum, turns) => sum + turns, 0);
}

/** Turns per conversation, one after the other; drawn from a separate sequence, so lengths don't change them. */
function turnCountsOf({ turns: { min, max }, seed: from }: Pick<MultiTurnPrompts, 'turns' | 'seed'>) {
  const random = new Mt19937(from);
  return () => random.integer(min, max + 1);
}

class Draw {
  private readonly random: Mt19937;

  constructor(
    private readonly prompts: MultiTurnPrompts,
    private readonly texts: BlockTexts,
  ) {
    this.random = new Mt19937((prompts.seed ^ 0x9e3779b9) >>> 0);
  }

  /**
   * A conversation whose first prompt has the index `first`. Only its first text gets a mark: it makes all that follows unique.
   */
  conversation(turns: number, first: number): UserTurn[] {
    return Array.from({ length: turns }, (_, i) => this.turn(first + i, i === 0));
  }

  private turn(index: number, isFirst: boolean): UserTurn {
    const { firstLen, nextLen, outputLen, rangeRatio: ratio, think: thinking } = this.prompts;
    const tokens = drawLength(isFirst ? firstLen : nextLen, ratio, this.random);
    const { text, promptTokens } = this.texts.compose([{ key: index, tokens }], isFirst ? index : undefined);
    return {
      text,
      tokens: promptTokens ?? tokens,
      isCounted: promptTokens !== undefined,
      outputLen: drawLength(outputLen, ratio, this.random),
      thinkMs: drawThinkMs(thinking, this.random),
    };
  }
}
