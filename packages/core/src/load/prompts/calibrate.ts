import { ASSUMED_COSTS, TextComposer, WORDS, textOf, type TextCosts } from './text.js';

/** How often a word is repeated in the text that measures its cost. */
const REPEATS = 8;

/** Counts the tokens of a text with the server or a tokenizer; undefined when the server's answers have no usage. */
export type CountTokens = (text: string) => Promise<number | undefined>;

export interface Calibration {
  readonly costs: TextCosts;
  readonly notes: readonly string[];
}

/**
 * Measures what text costs on this server: all words once, then all words twice; the difference is the cost of the words. If it
 * equals their number, each word is one token; otherwise each word is measured. A composed text then checks the result.
 */
export async function calibrate(
  count: CountTokens,
  trialTokens: number,
  trialSeed: number,
  place = 'on the server',
): Promise<Calibration> {
  const once = await count(textOf(WORDS));
  const twice = await count(textOf([...WORDS, ...WORDS]));
  if (once === undefined || twice === undefined || twice <= once) {
    return {
      costs: ASSUMED_COSTS,
      notes: ['the server gives no usable prompt_tokens: text lengths assume one token per word'],
    };
  }
  const overhead = 2 * once - twice;
  const words = twice - once === WORDS.length ? ASSUMED_COSTS.words : await costOfEach(count, overhead);
  const costs = { overhead, words: words.length > 0 ? words : ASSUMED_COSTS.words };
  return { costs, notes: await checked(count, costs, trialTokens, trialSeed, place) };
}

async function costOfEach(count: CountTokens, overhead: number): Promise<TextCosts['words']> {
  const costs: { word: string; tokens: number }[] = [];
  for (const word of WORDS) {
    const total = await count(textOf(Array.from({ length: REPEATS }, () => word)));
    const tokens = Math.round(((total ?? 0) - overhead) / REPEATS);
    if (tokens > 0) costs.push({ word, tokens });
  }
  return costs;
}

async function checked(
  count: CountTokens,
  costs: TextCosts,
  tokens: number,
  seed: number,
  place: string,
): Promise<string[]> {
  const got = await count(new TextComposer(costs, tokens).compose(tokens, seed));
  return got === tokens
    ? []
    : [`a text meant to have ${tokens} tokens has ${got ?? 'an unknown number'} ${place}`];
}
