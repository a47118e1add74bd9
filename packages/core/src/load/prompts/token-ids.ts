import type { PromptSource } from './prompt.js';
import { startOf, type RandomSample, type Vocabulary } from './random.js';

/** Runs of consecutive ids as JSON. Prompts of thousands of ids are cut out of one text, as making each anew would delay its sending. */
export class IdRuns {
  private readonly text: string;
  /** Where each id's digits begin in the text, and one past the end. */
  private readonly begins: Uint32Array;

  constructor(private readonly vocabulary: Vocabulary) {
    const size = vocabulary.end - vocabulary.first;
    const ids = Array.from({ length: size }, (_, i) => String(vocabulary.first + i));
    this.begins = new Uint32Array(size + 1);
    ids.forEach((id, i) => (this.begins[i + 1] = (this.begins[i] as number) + id.length + 1));
    this.text = `${ids.join(',')},`;
  }

  /** `length` ids from the one at `start` on, starting over at the vocabulary's end. */
  json(start: number, length: number): string {
    const size = this.vocabulary.end - this.vocabulary.first;
    const parts: string[] = [];
    let at = start;
    for (let left = length; left > 0; at = 0) {
      const count = Math.min(left, size - at);
      parts.push(this.text.slice(this.begins[at], (this.begins[at + count] as number) - 1));
      left -= count;
    }
    return `[${parts.join(',')}]`;
  }
}

/** Token-id prompts of a sample. Starts in `avoid` are left out as long as others are free, so that no prompt meets another's cache. */
export function tokenIdPrompts(
  sample: RandomSample,
  runs: IdRuns,
  vocabularySize: number,
  avoid: ReadonlySet<number> = new Set(),
): PromptSource {
  return (index) => {
    const length = sample.inputLens[index] ?? 1;
    let start = startOf(sample, index, vocabularySize);
    for (let tries = 0; avoid.has(start) && tries < vocabularySize; tries++)
      start = (start + 1) % vocabularySize;
    return {
      json: runs.json(start, length),
      promptTokens: length,
      requestedPromptTokens: length,
      requestedOutputTokens: sample.outputLens[index] ?? 1,
    };
  };
}
