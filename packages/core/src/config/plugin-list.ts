import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, parseDocument, type Document, type Scalar, type YAMLSeq } from 'yaml';
import { SweeplineError } from '../errors.js';

/** The text of a configs/sweepline.yaml with one more package under `plugins:`; everything else stays as it is. */
export function withPlugin(text: string, name: string, file: string): string {
  return edited(text, file, (document) => {
    const list = listOf(document);
    return { text: inserted(text, document, list, quoted(name)), plugins: [...namesIn(list), name] };
  });
}

/** The same with one package less, which must be in the list. */
export function withoutPlugin(text: string, name: string, file: string): string {
  return edited(text, file, (document) => {
    const list = listOf(document);
    const names = namesIn(list);
    const index = names.indexOf(name);
    if (!isSeq(list) || index < 0) return undefined;
    return { text: taken(text, document, list, index), plugins: names.filter((_, i) => i !== index) };
  });
}

interface Edit {
  readonly text: string;
  /** The list after the edit. */
  readonly plugins: readonly unknown[];
}

/** Edits text, and checks that only the list has changed. @throws {SweeplineError} CONFIG_INVALID */
function edited(text: string, file: string, edit: (document: Document.Parsed) => Edit | undefined): string {
  const document = parseDocument(text);
  const made = document.errors.length > 0 ? undefined : edit(document);
  if (made !== undefined) {
    const after = parseDocument(made.text);
    const expected = { ...Object(document.toJS()), plugins: made.plugins } as unknown;
    if (after.errors.length === 0 && isDeepStrictEqual(after.toJS(), expected)) return made.text;
  }
  throw new SweeplineError(
    'CONFIG_INVALID',
    `the list under plugins can't be edited in the form that ${file} has`,
    {
      where: { file, key: 'plugins' },
      hint: 'Edit it by hand: one line `- name` for each package.',
    },
  );
}

/** The value of `plugins:`; undefined if the key doesn't exist. */
function listOf(document: Document.Parsed): unknown {
  return isMap(document.contents) ? document.contents.get('plugins', true) : undefined;
}

function namesIn(list: unknown): readonly unknown[] {
  return isSeq(list) ? list.items.map((item) => (isScalar(item) ? item.value : undefined)) : [];
}

function inserted(text: string, document: Document.Parsed, list: unknown, item: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (isSeq(list)) {
    const last = list.items.at(-1);
    if (!isScalar(last)) return spliced(text, startOf(list), endOf(list), `[${item}]`);
    if (list.flow === true) return spliced(text, endOf(last), endOf(last), `, ${item}`);
    const dash = text.slice(lineStart(text, startOf(last)), startOf(last));
    return spliced(text, lineEnd(text, endOf(last)), lineEnd(text, endOf(last)), `${eol}${dash}${item}`);
  }
  const colon = colonOf(text, document);
  if (colon !== undefined) {
    const end = lineEnd(text, colon);
    return spliced(text, end, end, `${eol}  - ${item}`);
  }
  const before = text === '' || text.endsWith('\n') ? text : `${text}${eol}`;
  return `${before}plugins:${eol}  - ${item}${eol}`;
}

function taken(text: string, document: Document.Parsed, list: YAMLSeq, index: number): string {
  const [before, own, after] = [index - 1, index, index + 1].map((i) => list.items[i] as Scalar | undefined);
  if (own === undefined) return text;
  if (list.flow === true) {
    if (before !== undefined) return spliced(text, endOf(before), endOf(own), '');
    return spliced(text, startOf(own), after === undefined ? endOf(own) : startOf(after), '');
  }
  const [from, end] = [lineStart(text, startOf(own)), lineEnd(text, endOf(own))];
  const to = text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
  const without = spliced(text, from, to, '');
  const colon = colonOf(text, document);
  // An empty list must be written as one.
  return list.items.length > 1 || colon === undefined
    ? without
    : spliced(without, colon + 1, colon + 1, ' []');
}

/** The position of the colon of `plugins:`. */
function colonOf(text: string, { contents }: Document.Parsed): number | undefined {
  if (!isMap(contents)) return undefined;
  const key = contents.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === 'plugins');
  return key === undefined ? undefined : text.indexOf(':', endOf(key as Scalar));
}

function startOf({ range }: Scalar | YAMLSeq): number {
  return range?.[0] ?? 0;
}

/** The end of a value, without what follows it. */
function endOf({ range }: Scalar | YAMLSeq): number {
  return range?.[1] ?? 0;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The position before the line end, which may be one or two characters. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function spliced(text: string, from: number, to: number, inserted: string): string {
  return text.slice(0, from) + inserted + text.slice(to);
}

function quoted(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
