import { SweeplineError } from '@sweepline/core';

/*
 * POSIX ustar, as far as bundles use it: regular files, each with the same mode, owner and time, so that the same files give the
 * same bytes. Source: IEEE Std 1003.1, pax, "ustar Interchange Format".
 */

/** Bytes of a header, and what contents are padded to. */
export const BLOCK = 512;
/** Zero blocks at the end. */
export const END_BLOCKS = 2;

const LONGEST_NAME = 100;
/** Bytes that 11 octal digits can hold. */
const LARGEST = 8 ** 11 - 1;
/** Parts of a name: no hidden files, no `..`, nothing that a shell or a file system reads differently. */
const SAFE_NAME = /^[A-Za-z0-9_][\w.@+-]*(\/[A-Za-z0-9_][\w.@+-]*)*$/;

const SIZE = { at: 124, digits: 11 };
const CHECKSUM = { at: 148, length: 8 };

/** Why a file can't have this name in a bundle, if so. */
export function nameProblem(name: string): string | undefined {
  if (name.length > LONGEST_NAME) return `its name is longer than ${LONGEST_NAME} characters`;
  return SAFE_NAME.test(name) ? undefined : 'its name has characters that a bundle does not allow';
}

/** The header of a file. @throws {SweeplineError} RESULT_WRITE_FAILED for what a header can't hold */
export function headerOf(name: string, bytes: number): Buffer {
  const problem = nameProblem(name) ?? (bytes > LARGEST ? 'it is larger than 8 GiB' : undefined);
  if (problem !== undefined)
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't bundle ${name}: ${problem}`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'latin1');
  for (const [text, at] of FIXED) header.write(text, at, 'latin1');
  header.write(bytes.toString(8).padStart(SIZE.digits, '0'), SIZE.at, 'latin1');
  header.fill(' ', CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM.at, 'latin1');
  return header;
}

const NOBODY = '0000000';
/** Fields that all headers share: mode, user, group, time, type (a regular file), magic and version, device numbers. */
const FIXED: readonly (readonly [string, number])[] = [
  ['0000644', 100],
  [NOBODY, 108],
  [NOBODY, 116],
  ['00000000000', 136],
  ['0', 156],
  ['ustar', 257],
  ['00', 263],
  [NOBODY, 329],
  [NOBODY, 337],
];

export interface Header {
  readonly name: string;
  readonly bytes: number;
  /** Whether it is, byte for byte, what headerOf makes. */
  readonly isExact: boolean;
}

/** Undefined if name or size can't be used. */
export function readHeader(block: Buffer): Header | undefined {
  const name = block.toString('latin1', 0, LONGEST_NAME).replace(/\0[^]*$/, '');
  const digits = block.toString('latin1', SIZE.at, SIZE.at + SIZE.digits);
  if (nameProblem(name) !== undefined || !/^[0-7]{11}$/.test(digits)) return undefined;
  const bytes = Number.parseInt(digits, 8);
  return { name, bytes, isExact: headerOf(name, bytes).equals(block) };
}

/** Zero bytes after a file's content. */
export function paddingOf(bytes: number): number {
  return (BLOCK - (bytes % BLOCK)) % BLOCK;
}
