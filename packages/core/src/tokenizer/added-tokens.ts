import type { AddedToken } from './tokenizer-json.js';

/** A piece of text: an added token, or the text between two of them. */
export type Section = { readonly id: number } | { readonly text: string };

/** Finds added tokens in text, longest first. Source: tokenizers/src/tokenizer/added_vocabulary.rs. */
export class AddedTokens {
  private readonly byContent: ReadonlyMap<string, AddedToken>;
  private readonly pattern: RegExp | undefined;

  constructor(tokens: readonly AddedToken[]) {
    // A normalizer may leave an empty text.
    const wanted = tokens.filter(({ content }) => content !== '');
    this.byContent = new Map(wanted.map((token) => [token.content, token]));
    const contents = [...this.byContent.keys()].sort((a, b) => b.length - a.length);
    if (contents.length > 0) this.pattern = new RegExp(contents.map(escaped).join('|'), 'gu');
  }

  sections(text: string): Section[] {
    if (this.pattern === undefined) return [{ text }];
    const sections: Section[] = [];
    let end = 0;
    for (const { 0: content, index } of text.matchAll(this.pattern)) {
      const token = this.byContent.get(content);
      if (token === undefined || (token.single_word && !isWord(text, index, content))) continue;
      const spaced = spacedPlace(token, text, index, index + content.length);
      // White space that the previous token consumed: a token that would also consume it gets nothing.
      if (token.lstrip && spaced.end <= end) continue;
      const begin = Math.max(spaced.begin, end);
      if (begin > end) sections.push({ text: text.slice(end, begin) });
      sections.push({ id: token.id });
      end = spaced.end;
    }
    if (end < text.length) sections.push({ text: text.slice(end) });
    return sections;
  }
}

/** Includes the surrounding white space that a token consumes. */
function spacedPlace({ lstrip, rstrip }: AddedToken, text: string, begin: number, end: number) {
  const before = lstrip ? (/\p{White_Space}*$/u.exec(text.slice(0, begin))?.[0].length ?? 0) : 0;
  const after = rstrip ? (/^\p{White_Space}*/u.exec(text.slice(end))?.[0].length ?? 0) : 0;
  return { begin: begin - before, end: end + after };
}

function isWord(text: string, begin: number, content: string): boolean {
  const char = String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]`;
  const isAfterWord = new RegExp(`${char}$`, 'u').test(text.slice(0, begin));
  const isBeforeWord = new RegExp(`^${char}`, 'u').test(text.slice(begin + content.length));
  return !isAfterWord && !isBeforeWord;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
