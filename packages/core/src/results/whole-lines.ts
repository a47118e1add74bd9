const LINE_END = 10;

/** Lines of a file, without their ends; a last one that has none is left out. */
export function* wholeLines(data: Buffer): Iterable<Buffer> {
  for (let begin = 0, end = data.indexOf(LINE_END); end >= 0; end = data.indexOf(LINE_END, begin)) {
    yield data.subarray(begin, end);
    begin = end + 1;
  }
}
