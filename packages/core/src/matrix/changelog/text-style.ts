/** How a changelog is written: new entries follow it. */
export interface TextStyle {
  readonly lineEnd: '\n' | '\r\n';
  /** Spaces before the dash of an entry. */
  readonly indent: string;
  /** Spaces before the dashes of a list within an entry. */
  readonly listIndent: string;
  /** Whether a blank line is between entries. */
  readonly isSpaced: boolean;
}

/** The style of most of a text; InferenceX's for a text without entries. */
export function styleOf(text: string): TextStyle {
  const lines = text.split('\n').slice(0, -1);
  const withReturn = lines.filter((line) => line.endsWith('\r')).length;
  const indent = /^\uFEFF?( *)- /m.exec(text)?.[1] ?? '';
  const lists = [...text.matchAll(/^[ -]*[\w-]+:[ \t]*\r?\n( *)- /gm)].map(([, spaces = '']) => spaces);
  const after = [...text.matchAll(new RegExp(`\\n([ \\t]*\\r?\\n)?${indent}- `, 'g'))];
  const spaced = after.filter(([, blank]) => blank !== undefined).length;
  return {
    lineEnd: withReturn > lines.length / 2 ? '\r\n' : '\n',
    indent,
    listIndent: lists.at(-1) ?? `${indent}    `,
    isSpaced: spaced >= after.length / 2,
  };
}

/** A text with a block after it, set off as its style has it. Nothing of the text changes. */
export function withBlock(text: string, block: string, style: TextStyle): string {
  const { lineEnd, isSpaced } = style;
  const isFirst = text.replace(/^\uFEFF/, '') === '';
  const isWhole = isFirst || text.endsWith('\n');
  const isSetOff = isFirst || !isSpaced || /\n[ \t]*\r?\n$/.test(text);
  return `${text}${isWhole ? '' : lineEnd}${isSetOff ? '' : lineEnd}${block}${lineEnd}`;
}
