import type { Prompt, PromptLengths, PromptStore } from './prompt.js';

const UNKNOWN = -1;

/** Collects prompts and puts them into a store. */
export class PromptStoreBuilder {
  private readonly prompts: Prompt[] = [];

  add(json: string, lengths: PromptLengths): this {
    this.prompts.push({ json, lengths });
    return this;
  }

  build(): PromptStore {
    const { prompts } = this;
    const offsets = new Float64Array(shared(8 * (prompts.length + 1)));
    prompts.forEach(({ json }, i) => (offsets[i + 1] = (offsets[i] ?? 0) + Buffer.byteLength(json)));
    const bytes = shared(offsets[prompts.length] ?? 0);
    const into = Buffer.from(bytes);
    prompts.forEach(({ json }, i) => into.write(json, offsets[i] ?? 0));
    const column = (of: (lengths: PromptLengths) => number | undefined) => {
      const values = new Int32Array(shared(4 * prompts.length));
      prompts.forEach(({ lengths }, i) => (values[i] = of(lengths) ?? UNKNOWN));
      return values;
    };
    return {
      bytes,
      offsets,
      promptTokens: column((lengths) => lengths.promptTokens),
      requestedPromptTokens: column((lengths) => lengths.requestedPromptTokens),
      requestedOutputTokens: column((lengths) => lengths.requestedOutputTokens),
    };
  }
}

/** Number of prompts in a store. */
export function sizeOfStore(store: PromptStore): number {
  return store.offsets.length - 1;
}

/** @throws {RangeError} when there is no such prompt. */
export function storedPrompt(store: PromptStore, index: number): Prompt {
  const begin = store.offsets[index];
  const end = store.offsets[index + 1];
  if (begin === undefined || end === undefined) {
    throw new RangeError(`no prompt ${index} of ${sizeOfStore(store)}`);
  }
  const promptTokens = store.promptTokens[index] ?? UNKNOWN;
  const requestedPromptTokens = store.requestedPromptTokens[index] ?? UNKNOWN;
  return {
    json: Buffer.from(store.bytes, begin, end - begin).toString(),
    lengths: {
      ...(promptTokens !== UNKNOWN && { promptTokens }),
      ...(requestedPromptTokens !== UNKNOWN && { requestedPromptTokens }),
      requestedOutputTokens: store.requestedOutputTokens[index] ?? 1,
    },
  };
}

function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
