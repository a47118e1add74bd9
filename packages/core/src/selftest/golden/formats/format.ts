/** What an answer's events may say of it. */
export interface AnswerFacts {
  readonly ordinal: number;
  /** The ordinal in as many digits as every other. */
  readonly id: string;
  readonly promptTokens: number;
  readonly tokens: number;
}

/** One token in its place. */
export interface TokenFacts {
  /** From 0. */
  readonly index: number;
  readonly isLast: boolean;
  /** Its text in JSON, with quotes. */
  readonly json: string;
}

type Json = Readonly<Record<string, unknown>>;

/** How a server of an API reads requests and writes events; the other end of a codec. */
export interface EventFormat {
  /** Tokens that a request asks for. */
  tokensOf(body: Json): unknown;
  /** Its prompt: a text, token ids or messages. */
  promptOf(body: Json): unknown;
  /** Data of a token's event. */
  token(answer: AnswerFacts, token: TokenFacts, textSoFar: () => string): string;
  /** Its events for tokens differ in the answer's id and the text alone. */
  readonly repeats: boolean;
  /** Data of the events before the first token. */
  opening?(answer: AnswerFacts): readonly string[];
  /** Data of the events after the last. */
  closing?(answer: AnswerFacts, usage: boolean): readonly string[];
}
