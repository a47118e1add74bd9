import { createHash } from 'node:crypto';
import {
  decode,
  MANIFEST_FILE,
  manifestSchema,
  SIGNATURE_FILE,
  type BundledFile,
  type Manifest,
} from '../bundle/manifest.js';
import { BLOCK, END_BLOCKS, paddingOf, readHeader, type Header } from '../bundle/tar.js';
import { Blocks } from './blocks.js';
import type { Change } from './change.js';
import { readSealedGzip } from './sealed-gzip-reader.js';

/** Largest manifest and signature, bytes. */
const LARGEST_OWN = 4 * 2 ** 20;

/** Changes after which a bundle is left. */
const MOST_CHANGES = 1000;

export interface ReadOptions {
  /** Largest content that is kept, bytes; undefined for a file that isn't kept. */
  readonly keep: (name: string) => number | undefined;
  readonly signal: AbortSignal;
}

/** A bundle, with what is not as it was written. */
export interface BundleContent {
  readonly manifest?: Manifest;
  readonly manifestBytes?: Buffer;
  readonly signatureBytes?: Buffer;
  /** Contents of files that are as the manifest says, or of those that are not. */
  readonly kept: ReadonlyMap<string, Buffer>;
  readonly changes: readonly Change[];
}

/**
 * Reads a bundle of anybody's, and checks each byte against its manifest. Nothing is written, and nothing but what `keep` asks for is held.
 * @throws {SweeplineError} RESULT_READ_FAILED when the file can't be read, or is no bundle
 */
export async function readBundle(path: string, options: ReadOptions): Promise<BundleContent> {
  const { content, problems } = await readSealedGzip(path);
  const reader = new BundleReader(new Blocks(content), options);
  await reader.readAll();
  return { ...reader.found(), changes: [...problems(), ...reader.changes] };
}

class BundleReader {
  readonly changes: Change[] = [];
  private readonly kept = new Map<string, Buffer>();
  /** Names of files so far, in their order. */
  private readonly seen = new Set<string>();
  private last: string | undefined;
  private written: ReadonlyMap<string, BundledFile> = new Map();
  private manifest: Manifest | undefined;
  private manifestBytes: Buffer | undefined;
  private signatureBytes: Buffer | undefined;
  /** Whether the archive ended before its end. */
  private isCut = false;

  constructor(
    private readonly blocks: Blocks,
    private readonly options: ReadOptions,
  ) {}

  found(): Omit<BundleContent, 'changes'> {
    const { manifest, manifestBytes, signatureBytes, kept } = this;
    return { manifest, manifestBytes, signatureBytes, kept };
  }

  async readAll(): Promise<void> {
    while (await this.readEntry()) {
      this.options.signal.throwIfAborted();
      if (this.changes.length >= MOST_CHANGES)
        return void this.stop('the archive', 'has more changes than are named');
    }
    this.compareNames();
  }

  /** Whether another one may follow. */
  private async readEntry(): Promise<boolean> {
    const block = await this.blocks.take(BLOCK);
    if (block.length < BLOCK) return this.stop('the archive', 'is cut off');
    if (block.every((byte) => byte === 0)) return this.readEnd();
    const header = readHeader(block);
    const place = this.last === undefined ? 'of the first file' : `of the file after ${this.last}`;
    if (header === undefined) return this.stop(`the header ${place}`, 'was changed, and can not be used');
    const { name, isExact } = header;
    if (!isExact) this.change(`the header of ${name}`, 'was changed');
    if (this.seen.has(name)) return this.stop(name, 'is in the bundle twice');
    this.seen.add(name);
    this.last = name;
    if (this.manifest === undefined) return this.readManifest(header);
    if (name === SIGNATURE_FILE) return this.readSignature(header);
    return this.readFile(
      header,
      this.manifest.files.find((file) => file.name === name),
    );
  }

  private async readManifest({ name, bytes }: Header): Promise<boolean> {
    if (name !== MANIFEST_FILE || bytes > LARGEST_OWN)
      return this.stop(MANIFEST_FILE, 'is not the first file of the bundle, or too large');
    this.manifestBytes = await this.blocks.take(bytes);
    this.manifest = decode(this.manifestBytes, manifestSchema);
    if (this.manifest === undefined)
      return this.stop(MANIFEST_FILE, 'was changed: it is not what this version of Sweepline writes');
    this.written = new Map(this.manifest.files.map((file) => [file.name, file]));
    return this.readPadding(name, bytes);
  }

  private async readSignature({ name, bytes }: Header): Promise<boolean> {
    if (bytes > LARGEST_OWN) return this.stop(name, 'is too large');
    this.signatureBytes = await this.blocks.take(bytes);
    if (this.seen.size !== 2) this.change(name, 'is not where it was written');
    return this.readPadding(name, bytes);
  }

  private async readFile({ name, bytes }: Header, written: BundledFile | undefined): Promise<boolean> {
    if (written === undefined) this.change(name, 'was added: the manifest does not name it');
    else if (written.bytes !== bytes)
      this.change(name, `was changed: it has ${bytes} bytes, and the manifest says ${written.bytes}`);
    const most = written === undefined ? undefined : this.options.keep(name);
    const isKept = most !== undefined && bytes <= most;
    const parts: Buffer[] = [];
    const hash = createHash('sha256');
    for (let left = bytes; left > 0;) {
      const part = await this.blocks.next(left);
      if (part === undefined) return this.stop(name, 'is cut off');
      hash.update(part);
      if (isKept) parts.push(part);
      left -= part.length;
      this.options.signal.throwIfAborted();
    }
    const digest = hash.digest('hex');
    if (written !== undefined && written.sha256 !== digest)
      this.change(name, `was changed: its SHA-256 is ${digest}, and the manifest says ${written.sha256}`);
    if (isKept) this.kept.set(name, Buffer.concat(parts));
    return this.readPadding(name, bytes);
  }

  private async readPadding(name: string, bytes: number): Promise<boolean> {
    const length = paddingOf(bytes);
    const padding = await this.blocks.take(length);
    if (padding.length < length) return this.stop(name, 'is cut off');
    if (padding.some((byte) => byte !== 0)) this.change(`the padding after ${name}`, 'was changed');
    return true;
  }

  private async readEnd(): Promise<false> {
    const rest = (END_BLOCKS - 1) * BLOCK;
    const end = await this.blocks.take(rest + 1);
    if (end.length !== rest || end.some((byte) => byte !== 0))
      this.change('the end of the archive', 'was changed, or something was added after it');
    return false;
  }

  private compareNames(): void {
    if (this.manifest === undefined) return;
    const written = [...this.written.keys()];
    for (const name of written)
      if (!this.seen.has(name))
        this.change(name, this.isCut ? 'was not reached' : 'is missing: the manifest names it');
    const there = [...this.seen].filter((name) => this.written.has(name));
    const inOrder = written.filter((name) => this.seen.has(name));
    if (there.some((name, index) => name !== inOrder[index]))
      this.change('the order of the files', 'was changed');
  }

  private change(what: string, problem: string): void {
    this.changes.push({ what, problem });
  }

  /** Nothing after this can be read. */
  private stop(what: string, problem: string): false {
    this.isCut = true;
    this.change(what, problem);
    return false;
  }
}
