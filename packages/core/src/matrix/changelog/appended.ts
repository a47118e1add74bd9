import { SweeplineError } from '../../errors.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes that a changelog has after those of its base, which it begins with.
 * @throws {SweeplineError} CHANGELOG_DELETION, with the first byte that is not as it was
 */
export function appendedBytes(base: Buffer, head: Buffer, file: string): Buffer {
  const at = firstDifference(base, head);
  if (at === base.length) return continued(base, head, file);
  throw new SweeplineError('CHANGELOG_DELETION', whatChanged(base, head, at), {
    where: { file, line: lineOf(base, at) },
    hint: 'A changelog may only grow: restore the bytes of the base, and append after them.',
  });
}

/** Bytes on the base's last line, if it has no line feed, would change its last value. */
function continued(base: Buffer, head: Buffer, file: string): Buffer {
  const added = head.subarray(base.length);
  const isWhole = base.length === 0 || base.at(-1) === LINE_FEED;
  const [first, second] = added;
  if (isWhole || first === undefined || first === LINE_FEED) return added;
  if (first === CARRIAGE_RETURN && second === LINE_FEED) return added;
  throw new SweeplineError('CHANGELOG_DELETION', 'the last line of the base goes on', {
    where: { file, line: lineOf(base, base.length) },
    hint: 'Begin a new line after it.',
  });
}

function firstDifference(base: Buffer, head: Buffer): number {
  if (head.subarray(0, base.length).equals(base)) return base.length;
  const length = Math.min(base.length, head.length);
  for (let at = 0; at < length; at++) if (base[at] !== head[at]) return at;
  return length;
}

function whatChanged(base: Buffer, head: Buffer, at: number): string {
  const [had, has] = [startsWithBom(base), startsWithBom(head)];
  if (had !== has) return `the byte order mark at the start was ${had ? 'removed' : 'added'}`;
  const line = lineOf(base, at);
  if (base[at] === LINE_FEED && head[at] === CARRIAGE_RETURN)
    return `line ${line} now ends with CRLF, and with LF in the base`;
  if (base[at] === CARRIAGE_RETURN && head[at] === LINE_FEED)
    return `line ${line} now ends with LF, and with CRLF in the base`;
  if (at === head.length) return cutOff(base, at);
  return `line ${line} of the base is changed, removed, or has others before it`;
}

function cutOff(base: Buffer, at: number): string {
  const left = base.subarray(at).toString('latin1');
  if (/^\r?\n$/.test(left)) return 'the newline at the end of the base was removed';
  if (left.trim() === '') return 'blank lines at the end of the base were removed';
  return `the base's text from line ${lineOf(base, at)} on was removed`;
}

function startsWithBom(bytes: Buffer): boolean {
  return bytes.subarray(0, BOM.length).equals(BOM);
}

function lineOf(bytes: Buffer, at: number): number {
  let line = 1;
  for (
    let next = bytes.indexOf(LINE_FEED);
    next !== -1 && next < at;
    next = bytes.indexOf(LINE_FEED, next + 1)
  )
    line++;
  return line;
}
