import { z } from '@sweepline/core';

export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.sig.json';
export const BUNDLE_SCHEMA = 'sweepline.bundle/1';
export const SIGNATURE_SCHEMA = 'sweepline.bundle-signature/1';

const text = z.string();

const reasoned = z.strictObject({
  what: text.describe('A part of the measurement.'),
  why: text.describe('Why the bundle does not have it.'),
});

const file = z.strictObject({
  name: text.describe('Its name in the bundle.'),
  bytes: z.number().int().nonnegative().describe('Its size in bytes.'),
  sha256: text.regex(/^[0-9a-f]{64}$/).describe('Digest of its content.'),
});

/** The content of a bundle's manifest.json. */
export const manifestSchema = z.strictObject({
  schema: z.literal(BUNDLE_SCHEMA).describe('Kind and version of this file.'),
  point: text.describe("The point's name within its run."),
  run: text.describe("The run's id."),
  sweepline: text.describe("Sweepline's version that measured it."),
  writtenBy: text.describe('Package and version that wrote the bundle.'),
  contents: z
    .record(text, text)
    .describe('Where each part of the measurement is: a file, or a JSON pointer into one after `#`.'),
  missing: z.array(reasoned).describe('What the run did not keep.'),
  leftOut: z.array(reasoned).describe('What the run kept and the bundle does not have.'),
  files: z.array(file).describe('All other files of the bundle, in their order, without the signature.'),
});

/** The content of manifest.sig.json. */
export const signatureSchema = z.strictObject({
  schema: z.literal(SIGNATURE_SCHEMA).describe('Kind and version of this file.'),
  algorithm: z.literal('ed25519').describe('RFC 8032, without a prehash.'),
  publicKey: text.describe('Key of the signer: SubjectPublicKeyInfo as PEM.'),
  fingerprint: text.describe('`SHA256:` and the base64 of the SHA-256 of that key as DER.'),
  signature: text.describe('Base64 of the signature over the bytes of manifest.json.'),
});

export type Manifest = z.output<typeof manifestSchema>;
export type Signature = z.output<typeof signatureSchema>;
export type BundledFile = Manifest['files'][number];
export type Reasoned = z.output<typeof reasoned>;

/** The one form in which a bundle's own files are written: any other is a change. */
export function encode(value: Manifest | Signature): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Undefined if it isn't exactly what `encode` writes. */
export function decode<T extends Manifest | Signature>(bytes: Buffer, schema: z.ZodType<T>): T | undefined {
  try {
    const { data } = schema.safeParse(JSON.parse(bytes.toString()));
    return data !== undefined && encode(data).equals(bytes) ? data : undefined;
  } catch {
    return undefined;
  }
}
