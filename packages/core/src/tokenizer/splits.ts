/** Splits a piece of text. `isFirst`: the text begins with this piece. */
export type Split = (piece: string, isFirst: boolean) => readonly string[];

/** What happens to the parts that match a pattern. */
export const BEHAVIORS = [
  'Isolated',
  'Removed',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;

export type Behavior = (typeof BEHAVIORS)[number];

interface Part {
  text: string;
  isMatch: boolean;
}

/** Source of the behaviors: `NormalizedString::split` of tokenizers/src/tokenizer/normalizer.rs. */
export function splitBy(pattern: RegExp, behavior: Behavior, isInverted = false): Split {
  const whole = behavior === 'Isolated' ? withRest(pattern) : undefined;
  return (piece) => {
    if (whole !== undefined) {
      // Matching without positions is several times as fast.
      const matches = piece.match(whole) ?? [];
      if (lengthOf(matches) === piece.length) return matches;
    }
    return join(partsOf(piece, pattern, isInverted), behavior);
  };
}

/** Also matches the text between matches, so that nothing is lost unless a match is empty. Undefined if there is no such pattern. */
function withRest({ source, flags }: RegExp): RegExp | undefined {
  // Groups that are referred to by name or number can't be repeated.
  if (/\(\?<|\\[1-9]/.test(source)) return undefined;
  return new RegExp(`(?:${source})|(?:(?!${source})[^])+`, flags);
}

function lengthOf(pieces: readonly string[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

function partsOf(piece: string, pattern: RegExp, isInverted: boolean): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: text, index } of piece.matchAll(pattern)) {
    if (index > end) parts.push({ text: piece.slice(end, index), isMatch: isInverted });
    if (text !== '') parts.push({ text, isMatch: !isInverted });
    end = index + text.length;
  }
  if (end < piece.length) parts.push({ text: piece.slice(end), isMatch: isInverted });
  return parts;
}

function join(parts: readonly Part[], behavior: Behavior): string[] {
  switch (behavior) {
    case 'Isolated':
      return parts.map(({ text }) => text);
    case 'Removed':
      return parts.flatMap(({ text, isMatch }) => (isMatch ? [] : [text]));
    case 'Contiguous':
      return joinWhere(parts, (before, part) => before.isMatch === part.isMatch);
    case 'MergedWithPrevious':
      return joinWhere(parts, (before, part) => part.isMatch && !before.isMatch);
    case 'MergedWithNext':
      return joinWhere(parts, (before, part) => before.isMatch && !part.isMatch);
  }
}

function joinWhere(parts: readonly Part[], joins: (before: Part, part: Part) => boolean): string[] {
  const joined: string[] = [];
  parts.forEach((part, i) => {
    const before = parts[i - 1];
    const text = before !== undefined && joins(before, part) ? (joined.pop() ?? '') + part.text : part.text;
    joined.push(text);
  });
  return joined;
}
