import { PromptStoreBuilder } from '../prompts/prompt-store.js';
import type { PromptLengths, StoredSet } from '../prompts/prompt.js';

export interface UserTurn {
  readonly text: string;
  /** Tokens of this text alone; earlier turns are added to it. */
  readonly tokens: number;
  /** Whether the client counted `tokens`. */
  readonly isCounted: boolean;
  readonly outputLen: number;
  /** Wait before it is sent, ms; ignored for the first turn of a conversation. */
  readonly thinkMs: number;
}

/** Collects conversations. */
export class ConversationStore {
  private readonly store = new PromptStoreBuilder();
  private readonly first = [0];
  private readonly thinkMs: number[] = [];

  /** Prompts so far. */
  get size(): number {
    return this.thinkMs.length;
  }

  add(turns: readonly UserTurn[]): this {
    let saidTokens = 0;
    turns.forEach((turn, i) => {
      this.store.add(JSON.stringify(turn.text), lengthsOf(turn, i, saidTokens));
      this.thinkMs.push(i === 0 ? 0 : turn.thinkMs);
      saidTokens += turn.tokens + turn.outputLen;
    });
    this.first.push(this.size);
    return this;
  }

  build(): StoredSet {
    return {
      kind: 'stored',
      store: this.store.build(),
      conversations: { first: Uint32Array.from(this.first), thinkMs: Float64Array.from(this.thinkMs) },
    };
  }
}

/** From the second turn on, answers are part of the prompt, so only the server knows its length. */
function lengthsOf(turn: UserTurn, place: number, saidTokens: number): PromptLengths {
  return {
    ...(place === 0 && turn.isCounted && { promptTokens: turn.tokens }),
    requestedPromptTokens: saidTokens + turn.tokens,
    requestedOutputTokens: turn.outputLen,
  };
}
