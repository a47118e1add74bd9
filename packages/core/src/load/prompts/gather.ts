import type { PromptStore } from './prompt.js';

/** Where a prompt is stored. */
export interface StorePlace {
  readonly store: PromptStore;
  readonly at: number;
}

/** Puts prompts of several stores into one, in the given order. */
export function gather(places: readonly StorePlace[]): PromptStore {
  const offsets = new Float64Array(new SharedArrayBuffer(8 * (places.length + 1)));
  places.forEach(({ store, at }, i) => (offsets[i + 1] = offsets[i]! + bytesOf(store, at).length));
  const bytes = new SharedArrayBuffer(offsets[places.length]);
  const into = new Uint8Array(bytes);
  places.forEach(({ store, at }, i) => into.set(bytesOf(store, at), offsets[i]));
  const column = (of: (store: PromptStore) => Int32Array) => {
    const values = new Int32Array(new SharedArrayBuffer(4 * places.length));
    places.forEach(({ store, at }, i) => (values[i] = of(store)[at]!));
    return values;
  };
  return {
    bytes,
    offsets,
    promptTokens: column((store) => store.promptTokens),
    requestedPromptTokens: column((store) => store.requestedPromptTokens),
    requestedOutputTokens: column((store) => store.requestedOutputTokens),
  };
}

function bytesOf({ bytes, offsets }: PromptStore, at: number): Uint8Array {
  const [begin, end] = [offsets[at]!, offsets[at + 1]!];
  return new Uint8Array(bytes, begin, end - begin);
}
