import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { SweeplineError, type Logger } from '@sweepline/core';
import { SIGNATURE_SCHEMA, type Signature } from './manifest.js';

const KIND = 'ed25519';
const MAKE_KEY = `Make one: openssl genpkey -algorithm ${KIND} -out key.pem`;
/** Permissions of others than the owner. */
const OTHERS = 0o077;

/** The private key in a PEM file. Nothing of it is in any message. @throws {SweeplineError} USAGE */
export async function readPrivateKey(path: string, logger: Logger): Promise<KeyObject> {
  const pem = await contentOf(path);
  if (pem.includes('BEGIN OPENSSH PRIVATE KEY'))
    throw unusable(path, "it is in OpenSSH's own format, not PKCS#8");
  if (pem.includes('BEGIN ENCRYPTED PRIVATE KEY')) throw unusable(path, 'it has a passphrase');
  if (pem.includes('BEGIN PUBLIC KEY'))
    throw unusable(path, 'it is a public key, and signing needs the private one');
  const key = keyOr(() => createPrivateKey(pem));
  if (key === undefined) throw unusable(path, 'it is not a private key in PEM (PKCS#8)');
  if (key.asymmetricKeyType !== KIND)
    throw unusable(path, `it is a key for ${key.asymmetricKeyType ?? 'something else'}, not ${KIND}`);
  if (process.platform !== 'win32' && ((await stat(path)).mode & OTHERS) !== 0)
    logger.warn(`${path} is readable by others than its owner: chmod 600 ${path}`);
  return key;
}

/** A public key in a PEM file, or of the private key there. @throws {SweeplineError} USAGE */
export async function readPublicKey(path: string): Promise<KeyObject> {
  const pem = await contentOf(path);
  const key = keyOr(() => createPublicKey(pem));
  if (key?.asymmetricKeyType !== KIND)
    throw new SweeplineError('USAGE', `can't use the key ${path}: it is no ${KIND} key in PEM`, {
      hint: `The public key of a private one: openssl pkey -in key.pem -pubout`,
    });
  return key;
}

export function signatureOf(manifest: Buffer, privateKey: KeyObject): Signature {
  const publicKey = createPublicKey(privateKey);
  return {
    schema: SIGNATURE_SCHEMA,
    algorithm: KIND,
    publicKey: pemOf(publicKey),
    fingerprint: fingerprintOf(publicKey),
    signature: sign(null, manifest, privateKey).toString('base64'),
  };
}

/** The signer's key, or undefined if the signature isn't one of this manifest by the key that it names. */
export function signerOf(manifest: Buffer, signature: Signature): KeyObject | undefined {
  const key = keyOr(() => createPublicKey(signature.publicKey));
  if (key?.asymmetricKeyType !== KIND) return undefined;
  const bytes = Buffer.from(signature.signature, 'base64');
  const isExact =
    pemOf(key) === signature.publicKey &&
    fingerprintOf(key) === signature.fingerprint &&
    bytes.toString('base64') === signature.signature;
  return isExact && verify(null, manifest, key, bytes) ? key : undefined;
}

export function fingerprintOf(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function keyOr(make: () => KeyObject): KeyObject | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

async function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new SweeplineError('USAGE', `can't read the key ${path}: ${code ?? 'unknown'}`);
  });
}

function unusable(path: string, why: string): SweeplineError {
  return new SweeplineError('USAGE', `can't sign with ${path}: ${why}`, { hint: MAKE_KEY });
}
