import { open, stat, type FileHandle } from 'node:fs/promises';

/*
 * What an ELF file needs to run: System V Application Binary Interface, chapters "Object Files" and "Program Loading and Dynamic
 * Linking"; versions of symbols as in the Linux Standard Base, "Symbol Versioning".
 */

/** A program or library for Linux. */
export interface Elf {
  /** `e_machine`. */
  readonly machine: number;
  /** The program that loads it with its libraries; absent where it needs none. */
  readonly interpreter?: string;
  /** Libraries by name (DT_NEEDED). */
  readonly libraries: readonly string[];
  /** Versions of symbols that libraries must have: `GLIBC_2.28`. */
  readonly versions: readonly string[];
}

/** Why a file is no ELF file that can be read. */
export class NotElf extends Error {}

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
/** Real programs ask for some dozens. */
const MOST_VERSIONS = 1000;
const CLASS_64 = 2;
const BIG_ENDIAN = 2;
const PT = { load: 1, dynamic: 2, interpreter: 3 } as const;
const DT = {
  needed: 1,
  strings: 5,
  stringBytes: 10,
  versions: 0x6ffffffe,
  versionFiles: 0x6fffffff,
} as const;

/** @throws {NotElf} and what reading a file throws */
export async function readElf(file: string): Promise<Elf> {
  // Before it is opened: a pipe that nobody writes to would not even let it be.
  const found = await stat(file);
  if (!found.isFile()) throw new NotElf('it is not a file');
  await using handle = await open(file);
  const { size } = found;
  const head = await bytesAt(handle, 0, Math.min(size, HEADER_BYTES));
  if (size < HEADER_BYTES || head.toString('latin1', 0, 4) !== '\x7fELF')
    throw new NotElf('it is not a Linux program');
  if (head[4] !== CLASS_64) throw new NotElf('it is a program of 32 bits');
  return await new Reader(handle, size, head[5] !== BIG_ENDIAN).read(head);
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

class Reader {
  private segments: readonly Segment[] = [];

  constructor(
    private readonly handle: FileHandle,
    private readonly size: number,
    private readonly isLittle: boolean,
  ) {}

  async read(head: Buffer): Promise<Elf> {
    const [at, each, count] = [this.u64(head, 32), this.u16(head, 54), this.u16(head, 56)];
    if (each < PROGRAM_HEADER_BYTES) throw damaged();
    const table = await this.bytes(at, each * count);
    this.segments = Array.from({ length: count }, (_, i) => this.segment(table.subarray(i * each)));
    // Section headers stand at the end: a download that was cut off has lost them.
    const end = this.u64(head, 40) + this.u16(head, 58) * this.u16(head, 60);
    if (end > this.size) throw new NotElf('its end is missing');
    const interpreter = this.segments.find(({ type }) => type === PT.interpreter);
    return {
      machine: this.u16(head, 18),
      ...(interpreter !== undefined && {
        interpreter: textAt(await this.bytes(interpreter.offset, interpreter.bytes), 0),
      }),
      ...(await this.dynamic()),
    };
  }

  private segment(entry: Buffer): Segment {
    return {
      type: this.u32(entry, 0),
      offset: this.u64(entry, 8),
      address: this.u64(entry, 16),
      bytes: this.u64(entry, 32),
    };
  }

  private async dynamic(): Promise<Pick<Elf, 'libraries' | 'versions'>> {
    const segment = this.segments.find(({ type }) => type === PT.dynamic);
    if (segment === undefined) return { libraries: [], versions: [] };
    const table = await this.bytes(segment.offset, segment.bytes);
    const entries = Array.from({ length: Math.floor(table.length / 16) }, (_, i) => ({
      tag: this.u64(table, i * 16),
      value: this.u64(table, i * 16 + 8),
    }));
    const valueOf = (tag: number): number => entries.find((entry) => entry.tag === tag)?.value ?? 0;
    const strings = await this.bytes(this.offsetOf(valueOf(DT.strings)), valueOf(DT.stringBytes));
    return {
      libraries: entries.flatMap(({ tag, value }) => (tag === DT.needed ? [textAt(strings, value)] : [])),
      versions: await this.versions(valueOf(DT.versions), valueOf(DT.versionFiles), strings),
    };
  }

  /** A list for each library, in a list of libraries; each entry says how far the next one is. */
  private async versions(address: number, count: number, strings: Buffer): Promise<string[]> {
    const names: string[] = [];
    let at = count === 0 ? 0 : this.offsetOf(address);
    if (count > MOST_VERSIONS) throw damaged();
    for (let i = 0; i < count; i++) {
      const library = await this.bytes(at, 16);
      let version = at + this.u32(library, 8);
      for (let j = 0; j < this.u16(library, 2); j++) {
        const entry = await this.bytes(version, 16);
        if (names.push(textAt(strings, this.u32(entry, 8))) > MOST_VERSIONS) throw damaged();
        version += this.u32(entry, 12);
      }
      at += this.u32(library, 12);
    }
    return names;
  }

  /** Where in the file what the program sees at an address is. */
  private offsetOf(address: number): number {
    const segment = this.segments.find(
      (one) => one.type === PT.load && one.address <= address && address < one.address + one.bytes,
    );
    if (segment === undefined) throw damaged();
    return segment.offset + address - segment.address;
  }

  private bytes(at: number, length: number): Promise<Buffer> {
    if (at + length > this.size) throw new NotElf('its end is missing');
    return bytesAt(this.handle, at, length);
  }

  private u16(bytes: Buffer, at: number): number {
    return this.isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  private u32(bytes: Buffer, at: number): number {
    return this.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  private u64(bytes: Buffer, at: number): number {
    return Number(this.isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
}

function damaged(): NotElf {
  return new NotElf('it is damaged');
}

async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  if (bytesRead < length) throw new NotElf('its end is missing');
  return bytes;
}

/** A text up to its NUL. */
function textAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('latin1', at, end === -1 ? undefined : end);
}
