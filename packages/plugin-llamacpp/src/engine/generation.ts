import { createSampler, type SamplingSettings } from './sampling.js';
import type { Sampling } from './slot.js';

export interface GenerationRequest {
  /** Token ids, at least one. */
  readonly prompt: readonly number[];
  /** The most tokens to generate, at least one. */
  readonly maxTokens: number;
  /** Continue after an end-of-generation token. */
  readonly ignoreEos: boolean;
  readonly sampling: SamplingSettings;
}

/** Why a generation ended by itself, in OpenAI's terms. */
export type FinishReason = 'length' | 'stop';

export type Outcome =
  | { readonly state: 'completed' }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly error: Error };

/** Called between steps, so it must be quick. `end` comes exactly once, and last. */
export interface GenerationListener {
  /** `finish` comes with the last token of a completed generation. */
  token(id: number, finish: FinishReason | undefined): void;
  end(outcome: Outcome): void;
}

export interface Evaluation {
  readonly tokens: readonly number[];
  /** Absent until the prompt is fully evaluated: before that, nothing is sampled. */
  readonly sampling?: Sampling;
}

/** The state of one request in the engine. */
export class Generation {
  /** Prompt tokens evaluated so far. */
  promptTokens = 0;
  /** Tokens generated so far, including an end-of-generation token. */
  completionTokens = 0;
  cancelled = false;

  readonly #request: GenerationRequest;
  readonly #listener: GenerationListener;
  readonly #sampler: (position: number) => Sampling;
  #lastToken = 0;
  #finish: FinishReason | undefined;

  constructor(request: GenerationRequest, listener: GenerationListener) {
    this.#request = request;
    this.#listener = listener;
    this.#sampler = createSampler(request.sampling);
  }

  get decoding(): boolean {
    return this.promptLeft === 0;
  }

  get promptLeft(): number {
    return this.#request.prompt.length - this.promptTokens;
  }

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  /** The tokens to evaluate next, at most `budget`. */
  next(budget: number): Evaluation {
    if (this.decoding) return { tokens: [this.#lastToken], sampling: this.#sampler(this.completionTokens) };
    const tokens = this.#request.prompt.slice(this.promptTokens, this.promptTokens + budget);
    return tokens.length === this.promptLeft ? { tokens, sampling: this.#sampler(0) } : { tokens };
  }

  /** Records that the evaluation was done, and the token that it produced. */
  advance(
    evaluation: Evaluation,
    token: number | undefined,
    isEndOfGeneration: (token: number) => boolean,
  ): void {
    if (!this.decoding) this.promptTokens += evaluation.tokens.length;
    if (token === undefined) return;
    this.#lastToken = token;
    this.completionTokens++;
    if (!this.#request.ignoreEos && isEndOfGeneration(token)) this.#finish = 'stop';
    else if (this.completionTokens === this.#request.maxTokens) this.#finish = 'length';
    if (!this.cancelled) this.#listener.token(token, this.#finish);
  }

  /** Its last token was enough: it completes with it. For a listener, while it hears of that token. */
  stop(): void {
    this.#finish = 'stop';
  }

  end(outcome: Outcome): void {
    this.#listener.end(outcome);
  }
}
