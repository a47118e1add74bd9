import type { LoadSpec } from '../spec.js';
import { calibrate } from './calibrate.js';
import type { Ask, Prompt, PromptSource, Prompts } from './prompt.js';
import { measuredSample, otherSample, type RandomItem } from './random.js';
import { TextComposer } from './text.js';
import { itemAt } from './token-ids.js';

/** Seeds of measured texts, of the trial text and of warm-ups are this far apart, so that no text is made twice. */
const SEEDS_APART = 2 ** 30;

/** Prompts of words that have the wanted number of tokens by the server's count. */
export async function textPrompts(spec: LoadSpec, ask: Ask, notes: readonly string[]): Promise<Prompts> {
  const { inputLen, seed } = spec.prompts;
  const seedOf = (place: number) => (Math.imul(seed, 0x85ebca6b) + place) >>> 0;
  const count = async (text: string) => (await ask(probeOf(text))).serverPromptTokens;
  const { costs, notes: found } = await calibrate(count, inputLen, seedOf(SEEDS_APART));
  const composer = new TextComposer(costs, inputLen);
  const source =
    (items: readonly RandomItem[], first: number): PromptSource =>
    (index) => {
      const item = itemAt(items, index);
      return {
        json: JSON.stringify(composer.compose(item.inputLen, seedOf(first + index))),
        lengths: { requestedPromptTokens: item.inputLen, requestedOutputTokens: item.outputLen },
      };
    };
  // A vocabulary of one id: of the sample only the lengths are wanted.
  return {
    facts: { form: 'text', notes: [...notes, ...found] },
    measured: source(measuredSample(spec, 1), 0),
    warmups: source(otherSample(spec, spec.numWarmups, 1), 2 * SEEDS_APART),
  };
}

function probeOf(text: string): Prompt {
  return { json: JSON.stringify(text), lengths: { requestedPromptTokens: 0, requestedOutputTokens: 1 } };
}
