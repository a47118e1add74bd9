import type { KeyObject } from 'node:crypto';
import { decode, signatureSchema, SIGNATURE_FILE } from '../bundle/manifest.js';
import { fingerprintOf, signerOf } from '../bundle/signing.js';
import type { Change } from './change.js';
import type { BundleContent } from './read-bundle.js';

export interface Signed {
  /** Fingerprint of the key that signed the manifest; missing if none did. */
  readonly by?: string;
  readonly changes: readonly Change[];
}

/** @param wanted the key that has to be the signer's */
export function checkSignature(
  { manifestBytes, signatureBytes }: Pick<BundleContent, 'manifestBytes' | 'signatureBytes'>,
  wanted: KeyObject | undefined,
): Signed {
  const wrong = (problem: string): Signed => ({ changes: [{ what: SIGNATURE_FILE, problem }] });
  if (signatureBytes === undefined || manifestBytes === undefined)
    return wanted === undefined ? { changes: [] } : wrong('is missing: the bundle is not signed');
  const signature = decode(signatureBytes, signatureSchema);
  if (signature === undefined) return wrong('was changed: it is not what this version of Sweepline writes');
  const key = signerOf(manifestBytes, signature);
  if (key === undefined) return wrong('does not fit: the manifest or the signature was changed');
  const by = fingerprintOf(key);
  if (wanted === undefined || fingerprintOf(wanted) === by) return { by, changes: [] };
  return { by, ...wrong(`is by another key: by ${by}, and not by ${fingerprintOf(wanted)}`) };
}
