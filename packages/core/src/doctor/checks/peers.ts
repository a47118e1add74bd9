import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isInstalled } from '../../install/package-spec.js';
import { ifThere, ok, warning, type Check, type Diagnosis } from '../diagnosis.js';

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Optional peers of packages: an engine of hundreds of MB is only installed by users who want it. */
export const peers: Check = {
  name: 'optional',
  async run(context) {
    const workspace = await ifThere(context.workspace());
    const found = await Promise.all(
      (workspace?.config.plugins ?? []).map((name) => optionalPeers(name, workspace?.file ?? '')),
    );
    return found.flat();
  },
};

async function optionalPeers(name: string, fromFile: string): Promise<readonly Diagnosis[]> {
  const file = await manifestFile(name, fromFile);
  if (file === undefined) return [];
  const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(
    await readFile(file, 'utf8'),
  ) as Manifest;
  return Object.entries(peerDependencies)
    .filter(([peer]) => peerDependenciesMeta[peer]?.optional === true)
    .map(([peer, range]) =>
      isInstalled(peer, file)
        ? ok(`${peer}, which ${name} can use, is installed`)
        : warning(`${peer}, which ${name} can use, is not installed`, `npm install '${peer}@${range}'`),
    );
}

/** The package.json of an installed package; links are followed, as Node does. */
async function manifestFile(name: string, fromFile: string): Promise<string | undefined> {
  for (let folder = dirname(fromFile); ; folder = dirname(folder)) {
    const found = await ifThere(realpath(join(folder, 'node_modules', name, 'package.json')));
    if (found !== undefined || dirname(folder) === folder) return found;
  }
}
