/**
 * A pattern of config keys: `*` stands for anything, `?` for one character, `[…]` for one of several, `[!…]` for one of
 * all others. A bracket that isn't closed is a character like others. Python's fnmatch states the rules.
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

/** What stands between brackets; a closing one that comes first is in the set. */
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
