/** A fenced block of a Markdown document. */
export interface Block {
  readonly language: string;
  /** The file whose content it is: `file=PATH` after the language. */
  readonly file: string;
  readonly content: string;
  /** Number of its first line, from 1. */
  readonly line: number;
}

const FENCED = /^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm;

export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(FENCED)].map(({ index, 1: language = '', 2: meta = '', 3: content = '' }) => ({
    language,
    file: /file=(\S+)/.exec(meta)?.[1] ?? '',
    content,
    line: markdown.slice(0, index).split('\n').length + 1,
  }));
}

/** The commands in a block for a shell, without comments. */
export function commandsOf({ content }: Block): readonly string[] {
  return content
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');
}
