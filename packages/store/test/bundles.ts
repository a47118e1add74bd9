import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entriesOf, pack, type Entry } from './archives.js';
import { makeStoreWorkspace, type Said } from './commands.js';
import { measure } from './measured.js';

const RED = 7;

/** Bundles of one result, and what `verify` says of them once they are changed. */
export interface Bundles extends AsyncDisposable {
  readonly root: string;
  readonly signed: string;
  readonly unsigned: string;
  /** Files with the signer's public key, and another one. */
  readonly publicKey: string;
  readonly otherKey: string;
  readonly otherPrivate: KeyObject;
  newPath(): string;
  write(path: string, content: string): Promise<string>;
  verify(path: string, ...more: readonly string[]): Promise<Said>;
  /** What `verify` says of a bundle that must not be whole. */
  changesIn(path: string, ...more: readonly string[]): Promise<string>;
  /** The same once the entries of the signed bundle have been changed, and the seal fits. */
  changesAfter(
    change: (entries: Entry[]) => readonly Entry[],
    options?: Parameters<typeof pack>[2],
  ): Promise<string>;
}

export async function makeBundles(): Promise<Bundles> {
  const measured = await measure();
  const workspace = await makeStoreWorkspace(measured.workspace.root);
  const [keys, others] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
  const key = await workspace.write(
    'key.pem',
    keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const [signed, unsigned] = ['signed', 'unsigned'].map((name) => join(workspace.root, `${name}.tar.gz`));
  if (signed === undefined || unsigned === undefined) throw new Error('no paths');
  await workspace.run('bundle', measured.point, '--sign', key, '--out', signed);
  await workspace.run('bundle', measured.point, '--out', unsigned);
  let count = 0;
  const newPath = (): string => join(workspace.root, `changed-${++count}.tar.gz`);
  const verify: Bundles['verify'] = (path, ...more) => workspace.run('verify', path, ...more);
  const changesIn: Bundles['changesIn'] = async (path, ...more) => {
    const { exitCode, stdout, said } = await verify(path, ...more);
    expect({ exitCode, said }).toEqual({ exitCode: RED, said: '' });
    expect(stdout).toMatch(/NOT whole/);
    return stdout;
  };
  return {
    ...{ root: workspace.root, signed, unsigned, newPath, verify, changesIn },
    publicKey: await workspace.write('public.pem', pem(keys.publicKey)),
    otherKey: await workspace.write('other.pem', pem(others.publicKey)),
    otherPrivate: others.privateKey,
    write: (path, content) => workspace.write(path, content),
    async changesAfter(change, options) {
      const path = newPath();
      await pack(path, change(await entriesOf(signed)), options);
      return changesIn(path);
    },
    [Symbol.asyncDispose]: () => measured[Symbol.asyncDispose](),
  };
}

/** Changes the entry of a name. */
export function replace(name: string, make: (entry: Entry) => Entry) {
  return (entries: readonly Entry[]): Entry[] =>
    entries.map((entry) => (entry.name === name ? make(entry) : entry));
}
