/**
 * A pattern of config keys: `*` matches anything, `?` one character, `[…]` one of several, `[!…]` any other. An unclosed bracket
 * is an ordinary character. Python's fnmatch defines the rules.
 */
export function globPattern(glob: string): RegExp {
  let source = '';
  for (let at = 0; at < glob.length;) {
    const set = glob[at] === '[' ? setAt(glob, at) : undefined;
    source += set === undefined ? tokenOf(glob[at] ?? '') : classOf(set);
    at += set === undefined ? 1 : set.length + 2;
  }
  return new RegExp(`^(?:${source})$`, 's');
}

/** The text between brackets; a closing bracket in the first position belongs to the set. */
function setAt(glob: string, open: number): string | undefined {
  const first = glob[open + 1] === '!' ? open + 2 : open + 1;
  const close = glob.indexOf(']', first + 1);
  return close < 0 ? undefined : glob.slice(open + 1, close);
}

function tokenOf(character: string): string {
  if (character === '*') return '.*';
  return character === '?' ? '.' : character.replace(/[\\^$.+()[\]{}|]/, String.raw`\$&`);
}

function classOf(set: string): string {
  const negated = set.startsWith('!');
  const members = (negated ? set.slice(1) : set)
    .replaceAll(/(.)-(.)/gs, (range, from: string, to: string) => (from > to ? '' : range))
    .replaceAll(/[\\^[\]]/g, String.raw`\$&`);
  return negated ? `[^${members}]` : `[${members}]`;
}
