import { createHash, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SweeplineError } from '@sweepline/core';
import { text } from '../json.js';
import { contentOf, readStoredPoint, type SourceFile } from './bundled-files.js';
import { contentsOf } from './contents.js';
import {
  BUNDLE_SCHEMA,
  encode,
  MANIFEST_FILE,
  SIGNATURE_FILE,
  type Manifest,
  type Signature,
} from './manifest.js';
import { ownVersion } from '../installed.js';
import { writeSealedGzip } from './sealed-gzip.js';
import { signatureOf } from './signing.js';
import { BLOCK, END_BLOCKS, headerOf, paddingOf } from './tar.js';

export interface BundleOptions {
  /** Folder of the point. */
  readonly folder: string;
  /** The file to write. */
  readonly out: (manifest: Manifest) => string;
  readonly key?: KeyObject;
  readonly logs: boolean;
  /** Folder that config files must be in. */
  readonly root: string;
  /** Environment whose secrets no bundle may hold. */
  readonly env: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

export interface WrittenBundle {
  readonly path: string;
  readonly manifest: Manifest;
  readonly signature?: Signature;
}

/** Writes a point as one file. @throws {SweeplineError} RESULT_READ_FAILED, RESULT_INVALID, RESULT_WRITE_FAILED */
export async function writeBundle(options: BundleOptions): Promise<WrittenBundle> {
  const { folder, key, signal } = options;
  const { result, run, files, names, ...point } = await readStoredPoint(folder, options);
  const load = files.find(({ name }) => name === names.load);
  const config = files.flatMap(({ name }) => (/^config(-\d+)?\//.test(name) ? [name] : []));
  const { contents, missing } = contentsOf(result, names, await parsed(load), config);
  const manifest: Manifest = {
    schema: BUNDLE_SCHEMA,
    point: result.name,
    run: text(run['id']) ?? '',
    sweepline: result.provenance.sweepline,
    writtenBy: await ownVersion(),
    contents,
    missing: [...missing, ...point.missing],
    leftOut: [...point.leftOut],
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  const encoded = encode(manifest);
  const signature = key && signatureOf(encoded, key);
  const path = options.out(manifest);
  const own: readonly SourceFile[] = [
    described(MANIFEST_FILE, encoded),
    ...(signature === undefined ? [] : [described(SIGNATURE_FILE, encode(signature))]),
  ];
  await writeSealedGzip(path, archive([...own, ...files]), signal).catch((cause: unknown) => {
    if (cause instanceof SweeplineError || signal.aborted) throw cause;
    throw new SweeplineError('RESULT_WRITE_FAILED', `can't write ${path}: ${String(cause)}`, { cause });
  });
  return { path, manifest, ...(signature !== undefined && { signature }) };
}

async function parsed(file: SourceFile | undefined): Promise<unknown> {
  if (typeof file?.from !== 'string') return undefined;
  return JSON.parse(await readFile(file.from, 'utf8')) as unknown;
}

function described(name: string, from: Buffer): SourceFile {
  return { name, bytes: from.length, sha256: createHash('sha256').update(from).digest('hex'), from };
}

async function* archive(files: readonly SourceFile[]): AsyncIterable<Buffer> {
  for (const { name, bytes, sha256, from } of files) {
    yield headerOf(name, bytes);
    const hash = createHash('sha256');
    for await (const chunk of contentOf(from)) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest('hex') !== sha256)
      throw new SweeplineError('RESULT_READ_FAILED', `${name} was changed while it was bundled`);
    yield Buffer.alloc(paddingOf(bytes));
  }
  yield Buffer.alloc(END_BLOCKS * BLOCK);
}
