const LF = 10;
const CR = 13;

/** Converts CR, LF and CRLF line ends to LF, wherever reads split the bytes. */
export class LineEnds {
  private afterCr = false;

  unify(bytes: Buffer, begin: number, end: number): Buffer {
    const unified = Buffer.allocUnsafe(end - begin);
    let length = 0;
    for (let at = begin; at < end; at++) {
      const byte = bytes[at]!;
      const isSecondHalf = byte === LF && this.afterCr;
      this.afterCr = byte === CR;
      if (!isSecondHalf) unified[length++] = byte === CR ? LF : byte;
    }
    return unified.subarray(0, length);
  }
}

/** Whether a CR ends a line without an LF. For a CR that is the last byte, this isn't known yet. */
export function hasLoneCr(bytes: Buffer, begin: number, end: number): boolean {
  const view = bytes.subarray(begin, end);
  const last = view.length - 1;
  for (let cr = view.indexOf(CR); cr !== -1 && cr < last; cr = view.indexOf(CR, cr + 1)) {
    if (view[cr + 1] !== LF) return true;
  }
  return false;
}
