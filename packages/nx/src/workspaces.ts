import { logger, readJson, updateJson, type Tree } from '@nx/devkit';

interface RootManifest {
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
}

/** Adds a folder to the workspace's packages, if it isn't one yet. */
export function addToWorkspaces(tree: Tree, folder: string): void {
  if (tree.exists('pnpm-workspace.yaml')) {
    logger.info(`pnpm-workspace.yaml must list ${folder} under packages, or a pattern for it.`);
    return;
  }
  const { workspaces = [] } = readJson<RootManifest>(tree, 'package.json');
  const patterns = 'packages' in workspaces ? (workspaces.packages ?? []) : (workspaces as readonly string[]);
  if (patterns.some((pattern) => isFor(pattern, folder))) return;
  const added = [...patterns, folder];
  updateJson<RootManifest>(tree, 'package.json', (manifest) => ({
    ...manifest,
    workspaces: Array.isArray(workspaces) ? added : { ...workspaces, packages: added },
  }));
}

/** An entry that another pattern already covers does no harm: almost all workspaces use such patterns. */
function isFor(pattern: string, folder: string): boolean {
  const plain = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
  return plain === folder || (plain === `${parent}/*` && parent !== '') || (plain === '*' && parent === '');
}
