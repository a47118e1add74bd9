import type { KeyObject } from 'node:crypto';
import { messageOf, parseResult, type Result } from '@sweepline/core';
import { RESULT_FILE } from '../bundle/find-result.js';
import { filesOf } from '../bundle/point-files.js';
import type { Manifest } from '../bundle/manifest.js';
import type { Change } from './change.js';
import { checkNumbers, type NumbersCheck } from './numbers.js';
import { readBundle } from './read-bundle.js';
import { checkSignature } from './signer.js';

/** Largest JSON file that is read, bytes. */
const LARGEST_JSON = 64 * 2 ** 20;
/** Largest records that numbers are computed from, bytes. */
const LARGEST_RECORDS = 512 * 2 ** 20;
/** Largest telemetry, which is read as one text, bytes. */
const LARGEST_TELEMETRY = 128 * 2 ** 20;

export interface Verified {
  readonly path: string;
  /** Missing if it can't be used. */
  readonly manifest?: Manifest;
  /** Fingerprint of the signer's key. */
  readonly signedBy?: string;
  readonly changes: readonly Change[];
  /** Missing if there is no result to compare with. */
  readonly numbers?: NumbersCheck;
  readonly result?: Result;
  /** Contents of its JSON files, by name. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * Checks a bundle of anybody's: each byte, its signature, and whether its numbers follow from its records.
 * @param key the key that has to be the signer's
 * @throws {SweeplineError} RESULT_READ_FAILED when the file can't be read, or is no bundle
 */
export async function verifyBundle(
  path: string,
  { key, signal }: { readonly key?: KeyObject; readonly signal: AbortSignal },
): Promise<Verified> {
  const content = await readBundle(path, { keep: largestOf, signal });
  const { manifest, kept } = content;
  const { by, changes } = checkSignature(content, key);
  const read = await resultIn(kept.get(RESULT_FILE), manifest);
  const all = [...content.changes, ...changes, ...read.changes];
  const files = (read.result && filesOf(read.result, kept.keys())) ?? {};
  const fileOf = (name: string | undefined): Buffer | undefined => kept.get(name ?? '');
  const numbers =
    read.result &&
    (await checkNumbers(read.result, {
      records: fileOf(files.records),
      telemetry: fileOf(files.telemetry),
      plan: fileOf(files.plan),
    }));
  return {
    ...{ path, files: kept, changes: [...all, ...(numbers?.changes ?? [])] },
    ...(manifest !== undefined && { manifest }),
    ...(by !== undefined && { signedBy: by }),
    ...(numbers !== undefined && { numbers }),
    ...(read.result !== undefined && { result: read.result }),
  };
}

function largestOf(name: string): number | undefined {
  if (name.endsWith('.jsonl')) return LARGEST_RECORDS;
  if (name.endsWith('.ndjson')) return LARGEST_TELEMETRY;
  return name.endsWith('.json') ? LARGEST_JSON : undefined;
}

interface ReadResult {
  readonly result?: Result;
  readonly changes: readonly Change[];
}

/** The result, which must be that of the manifest's point. */
async function resultIn(bytes: Buffer | undefined, manifest: Manifest | undefined): Promise<ReadResult> {
  if (manifest === undefined) return { changes: [] };
  const wrong = (problem: string): ReadResult => ({ changes: [{ what: RESULT_FILE, problem }] });
  if (bytes === undefined) {
    const isNamed = manifest.files.some(({ name }) => name === RESULT_FILE);
    return isNamed ? { changes: [] } : wrong('is missing: the manifest does not name it');
  }
  try {
    const result = await parseResult(bytes.toString(), RESULT_FILE);
    const { run, sweepline } = manifest;
    const others = [
      ...(result.name === manifest.point ? [] : [`its point is not ${manifest.point}`]),
      ...(result.provenance.sweepline === sweepline ? [] : [`its version is not ${sweepline}`]),
    ];
    return {
      result,
      changes: others.map((problem) => ({ what: RESULT_FILE, problem: `${problem} (${run})` })),
    };
  } catch (error) {
    return wrong(messageOf(error));
  }
}
