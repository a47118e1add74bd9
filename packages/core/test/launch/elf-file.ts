/** What a made ELF file says of itself. */
export interface ElfFacts {
  readonly machine?: number;
  readonly interpreter?: string;
  readonly libraries?: readonly string[];
  /** By library, as the linker writes them. */
  readonly versions?: Readonly<Record<string, readonly string[]>>;
  /** What else is in it. */
  readonly content?: string;
  readonly isBigEndian?: boolean;
}

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
/** Where programs are seen in memory: elsewhere than they are in the file. */
const BASE = 0x400000;

/** An ELF file of 64 bits with program headers, a dynamic section and versions of symbols: nothing that runs. */
export function elfFile(facts: ElfFacts = {}): Buffer {
  const {
    machine = 62,
    interpreter,
    libraries = [],
    versions = {},
    content = '',
    isBigEndian = false,
  } = facts;
  const u16 = (value: number): Buffer => number(value, 2, isBigEndian);
  const u32 = (value: number): Buffer => number(value, 4, isBigEndian);
  const u64 = (value: number): Buffer => number(value, 8, isBigEndian);

  let strings = '\0';
  const name = (text: string): number => {
    strings += `${text}\0`;
    return strings.length - text.length - 1;
  };
  const needed = libraries.map(name);
  const versionFiles = Object.entries(versions).map(([file, names]) => ({
    file: name(file),
    names: names.map(name),
  }));
  const versionTable = Buffer.concat(
    versionFiles.flatMap(({ file, names }, i) => [
      ...[u16(1), u16(names.length), u32(file), u32(16)],
      u32(i === versionFiles.length - 1 ? 0 : 16 + 16 * names.length),
      ...names.flatMap((at, j) => [u32(0), u16(0), u16(j), u32(at), u32(j === names.length - 1 ? 0 : 16)]),
    ]),
  );

  const headers = interpreter === undefined ? 2 : 3;
  const stringsAt = HEADER_BYTES + headers * PROGRAM_HEADER_BYTES;
  const versionsAt = stringsAt + strings.length;
  const interpreterAt = versionsAt + versionTable.length;
  const interpreterBytes = Buffer.from(interpreter === undefined ? '' : `${interpreter}\0`);
  const dynamicAt = interpreterAt + interpreterBytes.length;
  const dynamic = Buffer.concat(
    [
      ...needed.map((at) => [1, at]),
      ...[
        [5, BASE + stringsAt],
        [10, strings.length],
      ],
      ...(versionFiles.length === 0
        ? []
        : [
            [0x6ffffffe, BASE + versionsAt],
            [0x6fffffff, versionFiles.length],
          ]),
      [0, 0],
    ].flatMap(([tag = 0, value = 0]) => [u64(tag), u64(value)]),
  );
  const end = dynamicAt + dynamic.length + content.length;
  const segment = (type: number, at: number, bytes: number): Buffer[] => [
    ...[u32(type), u32(4), u64(at), u64(BASE + at), u64(BASE + at), u64(bytes), u64(bytes), u64(1)],
  ];
  return Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, isBigEndian ? 2 : 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ...[u16(2), u16(machine), u32(1), u64(0), u64(HEADER_BYTES), u64(end), u32(0)],
    ...[u16(HEADER_BYTES), u16(PROGRAM_HEADER_BYTES), u16(headers), u16(64), u16(0), u16(0)],
    ...segment(1, 0, end),
    ...segment(2, dynamicAt, dynamic.length),
    ...(interpreter === undefined ? [] : segment(3, interpreterAt, interpreterBytes.length)),
    ...[Buffer.from(strings), versionTable, interpreterBytes, dynamic, Buffer.from(content)],
  ]);
}

function number(value: number, bytes: number, isBigEndian: boolean): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  const part = buffer.subarray(0, bytes);
  return isBigEndian ? Buffer.from(part.toReversed()) : part;
}
