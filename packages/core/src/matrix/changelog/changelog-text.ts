import { SweeplineError } from '../../errors.js';
import { readEntries, type Written } from './entries.js';

/** A whole changelog: its text, and each entry with the text that it is written in. */
export interface ChangelogText {
  readonly text: string;
  readonly entries: readonly { readonly written: Written; readonly block: string }[];
}

/**
 * A changelog that has been checked; none of its entries is looked up in configs. Fields of both dialects are taken.
 * @throws {SweeplineError} CONFIG_SYNTAX for bytes that are no text, CHANGELOG_INVALID and what else is wrong with its entries
 */
export async function readChangelogText(bytes: Buffer, file: string): Promise<ChangelogText> {
  const text = decoded(bytes, file);
  if (isEmpty(text)) return { text, entries: [] };
  const entries = await readEntries(text.replace(/^\uFEFF/, ''), file, '2026-08');
  const blocks = blocksOf(text);
  if (blocks.length !== entries.length)
    throw new SweeplineError(
      'CHANGELOG_INVALID',
      `${entries.length} entries are in the list, but ${blocks.length} begin on a line of their own`,
      {
        where: { file },
        hint: 'Write each entry as `- config-keys: …`, its dash where that of the first is.',
      },
    );
  return { text, entries: entries.map(({ written }, index) => ({ written, block: blocks[index] ?? '' })) };
}

/** Whether there are only blank lines and comments. */
function isEmpty(text: string): boolean {
  return /^\uFEFF?(?:[ \t]*(?:#.*)?(?:\r?\n|$))*$/.test(text);
}

/** From each line that begins an entry to the last one before the next that isn't blank. */
function blocksOf(text: string): readonly string[] {
  const indent = /^\uFEFF?([ ]*)- /m.exec(text)?.[1] ?? '';
  const starts = [...text.matchAll(new RegExp(`^\\uFEFF?${indent}-(?=[ \\r\\n])`, 'gm'))].map(
    ({ index }) => index,
  );
  return starts.map((start, index) => text.slice(start, starts[index + 1]).trimEnd());
}

function decoded(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SweeplineError('CONFIG_SYNTAX', 'the file is not UTF-8 text', { where: { file }, cause });
  }
}
