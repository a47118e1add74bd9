import type { Outcome } from '../engine/generation.js';

/** How a request ended, for the log, the metrics and the summary. */
export type EndState = Outcome['state'];

export interface RequestEnd {
  readonly id: string;
  readonly state: EndState;
  /** Prompt tokens evaluated. */
  readonly promptTokens: number;
  /** Tokens generated. */
  readonly completionTokens: number;
}

/**
 * The server's own counts, to compare a client's records with: one line per finished request (a rejected one is `failed` without tokens),
 * and the sums.
 */
export class Tally {
  readonly ended: Record<EndState, number> = { completed: 0, cancelled: 0, failed: 0 };
  #promptTokens = 0;
  #completionTokens = 0;
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  end({ id, state, promptTokens, completionTokens }: RequestEnd): void {
    this.ended[state]++;
    this.#promptTokens += promptTokens;
    this.#completionTokens += completionTokens;
    this.#log(
      logLine('request', { id, state, prompt_tokens: promptTokens, completion_tokens: completionTokens }),
    );
  }

  summarize(): void {
    const tokens = { prompt_tokens: this.#promptTokens, completion_tokens: this.#completionTokens };
    this.#log(logLine('summary', { ...this.ended, ...tokens }));
  }
}

/** `event key=value …`; a value with a space or a quote is written as a JSON string. */
export function logLine(event: string, fields: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${quoted(String(value))}`);
  return `${[event, ...pairs].join(' ')}\n`;
}

function quoted(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
}
