import type { PromptSet } from './prompt.js';
import { sizeOfStore } from './prompt-store.js';

/** Requests that follow one another: their indices, and the wait before each one after the first, ms. */
export interface Conversation {
  readonly first: number;
  /** One past the last index. */
  readonly end: number;
  readonly thinkMs?: Float64Array;
}

/** The conversations of a set; without any, each request is one. */
export function conversationsOf(set: PromptSet): { readonly count: number; at(index: number): Conversation } {
  const conversations = set.kind === 'stored' ? set.conversations : undefined;
  if (conversations === undefined) {
    const count = set.kind === 'stored' ? sizeOfStore(set.store) : set.items.length;
    return { count, at: (index) => ({ first: index, end: index + 1 }) };
  }
  const { first, thinkMs } = conversations;
  return {
    count: first.length - 1,
    at: (index) => ({ first: first[index] ?? 0, end: first[index + 1] ?? 0, thinkMs }),
  };
}
