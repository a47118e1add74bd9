import type { AnswerFacts, EventFormat } from './formats/format.js';
import { httpChunk } from './http.js';
import type { AnswerOptions } from './options.js';
import { firstWord, goldenText, ID_DIGITS, wordAt, wordIndex } from './text.js';

/** An event's bytes, and the position of the answer's id in them. */
export interface Rendered {
  readonly bytes: Buffer;
  readonly idAt: readonly number[];
}

/** Placeholder for an answer's id in shared bytes; no event contains it otherwise. */
const PLACEHOLDER = 'I'.repeat(ID_DIGITS);
/** Key of the first token among those of the words. */
const FIRST = -1;

/** Events of answers of one API and framing, rendered once where answers share them. */
export class Events {
  private readonly tokens = new Map<number, Rendered>();

  constructor(
    private readonly format: EventFormat,
    private readonly options: AnswerOptions,
  ) {}

  opening(answer: AnswerFacts): Rendered[] {
    return (this.format.opening?.(answer) ?? []).map((data) => this.render(data));
  }

  closing(answer: AnswerFacts): Rendered[] {
    return (this.format.closing?.(answer, this.options.usage) ?? []).map((data) => this.render(data));
  }

  token(answer: AnswerFacts, index: number): Rendered {
    const word = index === 0 ? FIRST : wordIndex(answer.ordinal, index, this.options.text);
    const isLast = index === answer.tokens - 1;
    if (!this.format.repeats) return this.renderToken(answer, index, word, isLast);
    const key = 2 * (word + 1) + (isLast ? 1 : 0);
    let rendered = this.tokens.get(key);
    if (rendered === undefined) {
      rendered = this.renderToken({ ...answer, id: PLACEHOLDER }, index, word, isLast);
      this.tokens.set(key, rendered);
    }
    return rendered;
  }

  private renderToken(answer: AnswerFacts, index: number, word: number, isLast: boolean): Rendered {
    const { json } = word === FIRST ? firstWord(answer.id) : wordAt(word, this.options.text);
    const textSoFar = (): string => goldenText(answer.ordinal, index + 1, this.options.text);
    return this.render(this.format.token(answer, { index, isLast, json }, textSoFar));
  }

  private render(data: string): Rendered {
    const event = Buffer.from(this.event(data));
    const { framing, chunkBytes } = this.options;
    const bytes = framing === 'chunked' && chunkBytes === undefined ? httpChunk(event) : event;
    const idAt: number[] = [];
    for (let at = bytes.indexOf(PLACEHOLDER); at !== -1; at = bytes.indexOf(PLACEHOLDER, at + 1))
      idAt.push(at);
    return { bytes, idAt };
  }

  private event(data: string): string {
    const eol = this.options.lineEnd === 'crlf' ? '\r\n' : '\n';
    if (!this.options.noise) return `data: ${data}${eol}${eol}`;
    return [': a comment', '', 'event: message', 'id: 1', 'retry: 1000', `data:${data}`, ':', '', ''].join(
      eol,
    );
  }
}

/** Concatenates events and inserts the id of their answer. */
export function join(events: readonly Rendered[], id: Buffer, before?: Buffer, after?: Buffer): Buffer {
  const length = events.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const joined = Buffer.allocUnsafe((before?.length ?? 0) + length + (after?.length ?? 0));
  let at = before?.copy(joined) ?? 0;
  for (const { bytes, idAt } of events) {
    bytes.copy(joined, at);
    for (const offset of idAt) id.copy(joined, at + offset);
    at += bytes.length;
  }
  after?.copy(joined, at);
  return joined;
}
