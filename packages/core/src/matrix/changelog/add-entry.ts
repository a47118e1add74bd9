import { isDeepStrictEqual } from 'node:util';
import { SweeplineError } from '../../errors.js';
import { readChangelogText } from './changelog-text.js';
import { writtenOf } from './merge.js';
import { styleOf, withBlock, type TextStyle } from './text-style.js';

/** What an entry that is added says. */
export interface NewEntry {
  readonly configKeys: readonly string[];
  readonly description: readonly string[];
  readonly prLink: string;
  readonly evalsOnly: boolean;
}

/**
 * A changelog with an entry after its last, in the file's own style; the bytes before it stay.
 * @throws {SweeplineError} when the file isn't a valid changelog, or the entry isn't valid
 */
export async function withEntry(bytes: Buffer, entry: NewEntry, file: string): Promise<string> {
  const before = await readChangelogText(bytes, file);
  const style = styleOf(before.text);
  const text = withBlock(before.text, blockOf(entry, style), style);
  const after = await readChangelogText(Buffer.from(text), file);
  const { configKeys, description, prLink, evalsOnly } = entry;
  const added = {
    ...{ 'config-keys': [...configKeys], description: [...description], 'pr-link': prLink },
    ...{ 'evals-only': evalsOnly, 'all-evals': false, 'append-only': false },
  };
  if (isDeepStrictEqual(writtenOf(after), [...writtenOf(before), added])) return text;
  throw new SweeplineError(
    'CHANGELOG_INVALID',
    'an entry at the end of the file would not be read as written',
    {
      where: { file },
      hint: 'Look at how the file ends: a list in brackets, or a text of many lines, can’t be appended to.',
    },
  );
}

function blockOf({ configKeys, description, prLink, evalsOnly }: NewEntry, style: TextStyle): string {
  const { indent, listIndent, lineEnd } = style;
  const items = (values: readonly string[]): string[] => values.map((value) => `${listIndent}- ${value}`);
  return [
    `${indent}- config-keys:`,
    ...items(configKeys.map(plainOrQuoted)),
    `${indent}  description:`,
    ...items(description.map(quoted)),
    ...(evalsOnly ? [`${indent}  evals-only: true`] : []),
    `${indent}  pr-link: ${plainOrQuoted(prLink)}`,
  ].join(lineEnd);
}

/** Text that is the same without quotes, in YAML 1.1 as well: keys, patterns, and links. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)(?:https?:\/\/)?[a-z][\w.*/%?=&+-]*$/i;

function plainOrQuoted(text: string): string {
  return PLAIN.test(text) ? text : quoted(text);
}

/** JSON's strings are YAML's; characters that YAML has no printable form for are escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}
