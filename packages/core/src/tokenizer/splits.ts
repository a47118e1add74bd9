/** Cuts a piece of text. `isFirst`: the text begins with it. */
export type Split = (piece: string, isFirst: boolean) => readonly string[];

/** What becomes of the parts that match a pattern. */
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

/** Source of what the behaviors do: `NormalizedString::split` of tokenizers/src/tokenizer/normalizer.rs. */
export function splitBy(pattern: RegExp, behavior: Behavior, isInverted = false): Split {
  const whole = behavior === 'Isolated' ? withRest(pattern) : undefined;
  return (piece) => {
    if (whole !== undefined) {
      // Matching alone is several times as fast as matching with places.
      const matches = piece.match(whole) ?? [];
      if (lengthOf(matches) === piece.length) return matches;
    }
    return join(partsOf(piece, pattern, isInverted), behavior);
  };
}

/** Also matches what is between matches, so that nothing is left out unless a match is empty; undefined when it can't be written. */
function withRest({ source, flags }: RegExp): RegExp | undefined {
  // Neither can groups be there twice that are referred to by name or number.
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
