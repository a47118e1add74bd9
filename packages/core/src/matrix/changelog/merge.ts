import { isDeepStrictEqual } from 'node:util';
import { SweeplineError } from '../../errors.js';
import { appendedBytes } from './appended.js';
import { readChangelogText, type ChangelogText } from './changelog-text.js';
import type { Written } from './entries.js';
import { styleOf, withBlock } from './text-style.js';

/** A changelog and the name that messages have for it. */
export interface Side {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What a merge gives: the file, and how many entries of each side it has after those of the base. */
export interface Merged {
  readonly text: string;
  readonly fromFirst: number;
  readonly fromSecond: number;
  /** Entries that both sides appended, in the same words: they are there once. */
  readonly inBoth: number;
}

/**
 * Two changelogs that grew from one: the first, byte by byte, and after it the entries that the second appended, in their order.
 * @throws {SweeplineError} CHANGELOG_DELETION or CHANGELOG_INVALID when a side did more than append valid entries
 */
export async function mergeChangelogs(base: Side, first: Side, second: Side): Promise<Merged> {
  const before = await readChangelogText(base.bytes, base.name);
  for (const side of [first, second]) appendedBytes(base.bytes, side.bytes, side.name);
  const [one, other] = [await grown(before, first), await grown(before, second)];
  const ofFirst = one.entries.slice(before.entries.length);
  const ofSecond = other.entries.slice(before.entries.length);
  const added = ofSecond.filter(
    ({ written }) => !ofFirst.some((entry) => isDeepStrictEqual(entry.written, written)),
  );
  const style = styleOf(one.entries.length > 0 ? one.text : other.text);
  const text = added.reduce(
    (merged, { block }) => withBlock(merged, withLineEnds(block, style.lineEnd), style),
    one.text,
  );
  const merged = await readChangelogText(Buffer.from(text), first.name);
  const wanted = [...one.entries, ...added].map(({ written }) => written);
  if (!isDeepStrictEqual(writtenOf(merged), wanted))
    throw new SweeplineError(
      'CHANGELOG_INVALID',
      'the merged text would not have the entries of both sides',
      {
        where: { file: second.name },
        hint: 'Merge it by hand: append the entries of one side to the other.',
      },
    );
  return {
    ...{ text, fromFirst: ofFirst.length, fromSecond: added.length },
    inBoth: ofSecond.length - added.length,
  };
}

/**
 * The entries that a changelog has after those of its base.
 * @throws {SweeplineError} CHANGELOG_DELETION or CHANGELOG_INVALID when it did more than append valid entries
 */
export async function grownChangelog(base: Side, head: Side): Promise<readonly Written[]> {
  const before = await readChangelogText(base.bytes, base.name);
  const { entries } = await grown(before, head);
  return entries.slice(before.entries.length).map(({ written }) => written);
}

/** What a side appended may change how the entries of the base are read, such as one that ends with a text of many lines. */
async function grown(before: ChangelogText, { name, bytes }: Side): Promise<ChangelogText> {
  const after = await readChangelogText(bytes, name);
  if (isDeepStrictEqual(writtenOf(after).slice(0, before.entries.length), writtenOf(before))) return after;
  throw new SweeplineError('CHANGELOG_DELETION', 'what was appended changes an entry of the base', {
    where: { file: name },
    hint: 'Append whole entries, each with its dash.',
  });
}

export function writtenOf({ entries }: ChangelogText): readonly Written[] {
  return entries.map(({ written }) => written);
}

function withLineEnds(block: string, lineEnd: string): string {
  return block.replaceAll(/\r?\n/g, lineEnd);
}
