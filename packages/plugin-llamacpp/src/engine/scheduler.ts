import { Generation, type GenerationListener, type GenerationRequest, type Outcome } from './generation.js';
import { allot } from './policy.js';
import type { Slot } from './slot.js';

export interface SchedulerOptions {
  readonly slots: readonly Slot[];
  /** The most tokens evaluated in one step; at least the number of slots. */
  readonly batchSize: number;
  readonly isEndOfGeneration: (token: number) => boolean;
}

interface Running {
  readonly slot: Slot;
  readonly generation: Generation;
  readonly arrival: number;
}

/**
 * Continuous batching: all requests in a slot advance together, step by step; between steps finished ones leave and waiting ones join, in
 * order of arrival. A slot is emptied between requests, so that no prompt is in its cache.
 *
 * Slots are sorted, the lowest free one is used first, and each step goes through them in order: llama.cpp splits a batch wherever its
 * sequences are not consecutive, and every part costs a pass over all weights (llama-batch.cpp, `split_equal`, called with `sequential`
 * unless the KV cache is unified).
 */
export class Scheduler {
  /** Sums since the start: batches, evaluated prompt tokens, generated tokens. */
  readonly counters = { steps: 0, promptTokens: 0, completionTokens: 0 };

  readonly #options: SchedulerOptions;
  readonly #idle: Set<Slot>;
  readonly #waiting: Generation[] = [];
  #arrivals = 0;
  #running: Running[] = [];
  #loop: Promise<void> | undefined;

  constructor(options: SchedulerOptions) {
    if (options.batchSize < options.slots.length) {
      throw new RangeError(`batch size ${options.batchSize} is less than the ${options.slots.length} slots`);
    }
    this.#options = options;
    this.#idle = new Set(options.slots);
  }

  /** Requests in a slot. */
  get processing(): number {
    return this.#running.length;
  }

  /** Requests waiting for a slot. */
  get deferred(): number {
    return this.#waiting.length;
  }

  submit(request: GenerationRequest, listener: GenerationListener): Generation {
    const generation = new Generation(request, listener);
    this.#waiting.push(generation);
    this.#loop ??= this.#run();
    return generation;
  }

  /** A waiting request ends at once, a running one after the current step. */
  cancel(generation: Generation): void {
    generation.cancelled = true;
    const place = this.#waiting.indexOf(generation);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    generation.end({ state: 'cancelled' });
  }

  /** Cancels everything; resolves when the current step is over. */
  async drain(): Promise<void> {
    for (const generation of [...this.#waiting]) this.cancel(generation);
    for (const { generation } of this.#running) this.cancel(generation);
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#running.length + this.#waiting.length > 0) {
      this.#admit();
      await this.#step();
    }
    this.#loop = undefined;
  }

  #admit(): void {
    for (const slot of this.#options.slots.filter((candidate) => this.#idle.has(candidate))) {
      const generation = this.#waiting.shift();
      if (generation === undefined) break;
      this.#idle.delete(slot);
      this.#running.push({ slot, generation, arrival: this.#arrivals++ });
    }
    const place = (runner: Running): number => this.#options.slots.indexOf(runner.slot);
    this.#running.sort((a, b) => place(a) - place(b));
  }

  async #step(): Promise<void> {
    const allotted = allot(this.#running, this.#options.batchSize);
    this.counters.steps++;
    await Promise.all(allotted.map(({ runner, tokens }) => this.#evaluate(runner, tokens)));
    for (const runner of this.#running.filter(
      ({ generation }) => generation.cancelled || generation.finished,
    )) {
      const completed = runner.generation.finished && !runner.generation.cancelled;
      await this.#leave(runner, { state: completed ? 'completed' : 'cancelled' });
    }
  }

  async #evaluate(runner: Running, budget: number): Promise<void> {
    const { slot, generation } = runner;
    const { promptTokens, completionTokens } = generation;
    try {
      const evaluation = generation.next(budget);
      const token = await slot.evaluate(evaluation.tokens, evaluation.sampling);
      generation.advance(evaluation, token, this.#options.isEndOfGeneration);
    } catch (error) {
      await this.#leave(runner, {
        state: 'failed',
        error: error instanceof Error ? error : new Error(String(error)),
      });
    }
    this.counters.promptTokens += generation.promptTokens - promptTokens;
    this.counters.completionTokens += generation.completionTokens - completionTokens;
  }

  async #leave(runner: Running, outcome: Outcome): Promise<void> {
    this.#running = this.#running.filter((other) => other !== runner);
    runner.generation.end(outcome);
    await runner.slot.clear();
    this.#idle.add(runner.slot);
  }
}
