import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { writeSealedGzip } from '../src/bundle/sealed-gzip.js';

/** A file of a bundle: its header, and its content with padding. */
export interface Entry {
  readonly name: string;
  readonly header: Buffer;
  readonly content: Buffer;
}

const BLOCK = 512;

export async function entriesOf(bundle: string): Promise<Entry[]> {
  const archive = gunzipSync(await readFile(bundle));
  const entries: Entry[] = [];
  for (let at = 0; archive[at] !== 0;) {
    const header = Buffer.from(archive.subarray(at, at + BLOCK));
    const bytes = Number.parseInt(header.toString('latin1', 124, 135), 8);
    const name = header.toString('latin1', 0, 100).replace(/\0.*$/s, '');
    const content = Buffer.from(archive.subarray(at + BLOCK, at + BLOCK + bytes));
    entries.push({ name, header, content });
    at += BLOCK + Math.ceil(bytes / BLOCK) * BLOCK;
  }
  return entries;
}

/** Writes entries as whoever knows the format would, with a seal that fits. */
export async function pack(
  path: string,
  entries: readonly Entry[],
  { padding = 0, end = Buffer.alloc(2 * BLOCK) }: { readonly padding?: number; readonly end?: Buffer } = {},
): Promise<void> {
  const blocks = entries.flatMap(({ header, content }) => [
    header,
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK, padding),
  ]);
  await packBytes(path, Buffer.concat([...blocks, end]));
}

export async function packBytes(path: string, archive: Buffer): Promise<void> {
  await writeSealedGzip(path, Readable.from([archive]), new AbortController().signal);
}

/** A header for a name and a size, and nothing checked. */
export function headerFor(name: string, bytes: number, change: (header: Buffer) => void = () => {}): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  const fields = [
    ['0000644', 100],
    ['0000000', 108],
    ['0000000', 116],
    [bytes.toString(8).padStart(11, '0'), 124],
    ['00000000000', 136],
    ['        ', 148],
    ['0', 156],
    ['ustar\0' + '00', 257],
    ['0000000', 329],
    ['0000000', 337],
  ] as const;
  for (const [text, at] of fields) header.write(text, at, 'latin1');
  change(header);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** The same entries, with one's content changed, and size and digest in the manifest as well: what a forger without a key does. */
export function forged(
  entries: readonly Entry[],
  name: string,
  change: (content: string) => string,
): readonly Entry[] {
  const replaced = entries.map((entry) =>
    entry.name === name ? withContent(entry, Buffer.from(change(entry.content.toString()))) : entry,
  );
  const manifest = replaced.find((entry) => entry.name === 'manifest.json')!;
  const parsed = JSON.parse(manifest.content.toString()) as {
    files: { name: string; bytes: number; sha256: string }[];
  };
  for (const file of parsed.files) {
    const entry = replaced.find((one) => one.name === file.name);
    if (entry === undefined) continue;
    file.bytes = entry.content.length;
    file.sha256 = createHash('sha256').update(entry.content).digest('hex');
  }
  const rewritten = withContent(manifest, Buffer.from(`${JSON.stringify(parsed, undefined, 2)}\n`));
  return replaced.map((entry) => (entry.name === 'manifest.json' ? rewritten : entry));
}

export function withContent({ name }: Entry, content: Buffer): Entry {
  return { name, header: headerFor(name, content.length), content };
}
