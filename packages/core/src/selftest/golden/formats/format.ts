/** The facts about an answer that its events may contain. */
export interface AnswerFacts {
  readonly ordinal: number;
  /** The ordinal, always with the same number of digits. */
  readonly id: string;
  readonly promptTokens: number;
  readonly tokens: number;
}

/** One token and its position. */
export interface TokenFacts {
  /** From 0. */
  readonly index: number;
  readonly isLast: boolean;
  /** Its text as JSON, with quotes. */
  readonly json: string;
}

type Json = Readonly<Record<string, unknown>>;

/** How a server of an API reads requests and writes events; the counterpart of a codec. */
export interface EventFormat {
  /** Number of tokens that a request asks for. */
  tokensOf(body: Json): unknown;
  /** Its prompt: a text, token ids or messages. */
  promptOf(body: Json): unknown;
  /** Data of a token's event. */
  token(answer: AnswerFacts, token: TokenFacts, textSoFar: () => string): string;
  /** Whether its events for tokens differ only in the answer's id and the text. */
  readonly repeats: boolean;
  /** Data of the events before the first token. */
  opening?(answer: AnswerFacts): readonly string[];
  /** Data of the events after the last token. */
  closing?(answer: AnswerFacts, usage: boolean): readonly string[];
}
